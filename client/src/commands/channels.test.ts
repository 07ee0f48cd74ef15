import { describe, expect, test } from 'vitest';
import { codeOf } from '../test-support.ts';
import { bundleInfo } from './bundle-info.ts';
import { checkUpdate } from './check-update.ts';
import { info } from './info.ts';
import { osInstall } from './os-install.ts';
import { rollback } from './rollback.ts';
import {
  asking,
  change,
  INSTALL,
  install,
  publish,
  read,
  repository,
  UPDATE,
  updateAll,
  useSystem,
} from './test-system.ts';
import { update } from './update.ts';

useSystem();

const installed = async (): Promise<number> => (await read(info)).version;

describe('what is asked of the server', () => {
  test('is two small files where nothing is new', async () => {
    await install();
    for (const command of [
      checkUpdate,
      (device: Parameters<typeof checkUpdate>[0]) => update(device, UPDATE),
    ]) {
      const names: string[] = [];
      await change<unknown>(command, asking(names));
      expect(names).toEqual(['metadata/2.root.json', 'metadata/timestamp.json']);
    }
  });

  test('is the way to the MoM where something is', async () => {
    await install();
    const mom = await publish(20);
    const names: string[] = [];
    await change((device) => update(device, UPDATE), asking(names));
    expect(names.slice(0, 5)).toEqual([
      'metadata/2.root.json',
      'metadata/timestamp.json',
      'metadata/2.snapshot.json',
      'metadata/2.stable.json',
      repository.momName(mom),
    ]);
    expect(names[5]).toMatch(/^releases\/20\/[0-9a-f]{64}\.sig$/);
  });
});

describe('a channel', () => {
  test('is followed from the installation on', async () => {
    await publish(20, { channel: 'beta' });
    await change((device) => osInstall(device, INSTALL), {}, { channel: 'beta' });
    expect(await installed()).toBe(20);
    await publish(30);
    expect(await updateAll()).toMatchObject({ kind: 'up-to-date', version: 20 });
    await publish(40, { channel: 'beta' });
    expect(await updateAll()).toMatchObject({ kind: 'updated', to: 40 });
  });

  test('that an update names is followed from then on, also where it has nothing new', async () => {
    await install();
    await publish(20, { channel: 'beta' });
    expect(await read(checkUpdate, {}, { channel: 'beta' })).toMatchObject({ newest: 20, channel: 'beta' });
    expect(await read(checkUpdate)).toMatchObject({ newest: 10, channel: 'stable' });
    await change((device) => update(device, UPDATE), {}, { channel: 'beta' });
    expect(await read(info)).toMatchObject({ version: 20, channel: 'beta' });
    await change((device) => update(device, UPDATE), {}, { channel: 'stable' });
    expect(await read(info)).toMatchObject({ version: 20, channel: 'stable' });
  });

  test.each(['nightly', 'build', 'targets', 'stable.1', '../stable', ''])(
    'called %j is not there',
    async (channel) => {
      await install();
      const code = await codeOf(() => change((device) => update(device, UPDATE), {}, { channel }));
      expect(code).toBe('no-channel');
      expect(await read(info)).toMatchObject({ version: 10, channel: 'stable' });
    },
  );

  test('stays what it is where a device goes back, or only looks', async () => {
    await install();
    await publish(20, { channel: 'beta' });
    for (const some of [{ dryRun: true }, { downloadOnly: true }])
      await change((device) => update(device, { ...UPDATE, ...some }), {}, { channel: 'beta' });
    expect(await read(info)).toMatchObject({ version: 10, channel: 'stable' });
    await change((device) => update(device, UPDATE), {}, { channel: 'beta' });
    await change((device) => rollback(device, { dryRun: false }));
    expect(await read(info)).toMatchObject({ version: 10, channel: 'beta' });
  });

  test('goes on over its pages', async () => {
    repository.trust.pageSize = 2;
    await install();
    for (const version of [20, 30, 40, 50, 60, 70]) await publish(version);
    const names: string[] = [];
    const some = { ...UPDATE, version: 20 };
    expect(await change((device) => update(device, some), asking(names))).toMatchObject({ to: 20 });
    expect(names.filter((name) => name.includes('stable'))).toEqual([
      'metadata/7.stable.json',
      'metadata/5.stable.1.json',
      'metadata/3.stable.2.json',
      expect.stringMatching(/^targets\/stable\/20\//),
    ]);
    expect(await codeOf(() => updateAll({ version: 25 }))).toBe('no-such-version');
    expect(await updateAll({ version: 50 })).toMatchObject({ from: 20, to: 50, stops: [] });
    const about = { name: 'os-core', version: 10, files: false, dependencies: false };
    expect(await read((device) => bundleInfo(device, about))).toMatchObject({ version: 10 });
  });

  test('whose pages lead in a circle leads nowhere', async () => {
    await install();
    repository.trust.pageSize = 2;
    repository.trust.lastPageLeadsTo = 'stable.1';
    for (const version of [20, 30, 40, 50]) await publish(version);
    expect(await codeOf(() => updateAll({ version: 25 }))).toBe('metadata-limit');
    expect(await updateAll({ version: 20 })).toMatchObject({ to: 20 });
    expect(await updateAll()).toMatchObject({ to: 50 });
  });

  test('takes a build back: nobody goes there any more', async () => {
    await install();
    await publish(20);
    await publish(30);
    repository.trust.withdraw(30);
    repository.trust.publish();
    expect(await codeOf(() => updateAll({ version: 30 }))).toBe('no-such-version');
    expect(await updateAll()).toMatchObject({ to: 20 });
  });
});
