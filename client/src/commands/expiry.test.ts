import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { describe, expect, test } from 'vitest';
import { codeOf, readTree, TEST_TIME } from '../test-support.ts';
import { bundleAdd } from './bundle-add.ts';
import { bundleRemove } from './bundle-remove.ts';
import { checkUpdate } from './check-update.ts';
import { info } from './info.ts';
import { repair } from './repair.ts';
import { rollback } from './rollback.ts';
import {
  at,
  CORE,
  type Command,
  change,
  DIAGNOSE,
  GAMES,
  install,
  LIBS,
  merged,
  problems,
  publish,
  read,
  repository,
  root,
  state,
  treeOf,
  UPDATE,
  updateAll,
  useSystem,
} from './test-system.ts';
import { trustInfo } from './trust-info.ts';
import { update } from './update.ts';

useSystem();

const DAY = 86_400;

describe('expired metadata', () => {
  test('stops updates, and nothing else', async () => {
    await install('libs');
    await publish(20);
    await updateAll();
    const late = at(TEST_TIME + 1e9);
    const run = <T>(command: Command<T>) => change(command, late);
    expect(await codeOf(() => read(checkUpdate, late))).toBe('metadata-expired');
    expect(await codeOf(() => run((device) => update(device, UPDATE)))).toBe('metadata-expired');
    writeFileSync(join(root, 'usr/version'), 'damaged');
    await run((device) => repair(device, { ...DIAGNOSE, dryRun: false }));
    expect(await problems()).toEqual([]);
    await run((device) => bundleAdd(device, { names: ['games'], skipOptional: false, dryRun: false }));
    const removal = { names: ['libs'], force: false, recursive: false, orphans: false, dryRun: false };
    await run((device) => bundleRemove(device, removal));
    expect(readTree(root)).toEqual(merged(treeOf(20), GAMES));
    await run((device) => rollback(device, { dryRun: false }));
    expect(await read(info, late)).toMatchObject({ version: 10 });
  });

  test('does not stop a repair whose MoM is lost as well', async () => {
    await install('libs');
    rmSync(join(state, 'releases'), { recursive: true });
    rmSync(join(state, 'metadata'), { recursive: true });
    writeFileSync(join(root, 'usr/lib'), 'damaged');
    await change((device) => repair(device, { ...DIAGNOSE, dryRun: false }), at(TEST_TIME + 1e9));
    expect(readTree(root)).toEqual(merged(CORE, LIBS));
  });
});

describe('a clock', () => {
  test('in 1970 is not believed: the installed build is from later', async () => {
    await install();
    rmSync(join(state, 'metadata/timestamp.json'));
    await publish(20);
    expect(await change((device) => update(device, UPDATE), at(0))).toMatchObject({ to: 20 });
    repository.trust.expires.timestamp = TEST_TIME - 1;
    repository.trust.publish();
    expect(await codeOf(() => read(checkUpdate, at(0)))).toBe('metadata-expired');
  });

  test('in 1970 does not thaw what is frozen: the repository has said what time it is', async () => {
    await install();
    const frozen = repository.read(LAYOUT.timestamp);
    repository.trust.time = TEST_TIME + 5 * DAY;
    repository.trust.expires.timestamp = TEST_TIME + 10 * DAY;
    repository.trust.publish();
    expect(await read(checkUpdate, at(0))).toMatchObject({ newest: 10 });
    expect(await read(async (device) => trustInfo(device), at(0))).toMatchObject({
      time: { now: TEST_TIME + 5 * DAY, clock: 0, source: 'timestamp' },
    });
    repository.write(LAYOUT.timestamp, frozen);
    expect(await codeOf(() => read(checkUpdate, at(0)))).toBe('metadata-rollback');
  });

  test('that was ahead where a build was made is not believed for ever', async () => {
    await install();
    const mom = await publish(20);
    repository.publishMom({ ...mom, version: 30, time: Date.UTC(2100, 0) / 1000 });
    expect(await updateAll()).toMatchObject({ to: 30 });
    await publish(40);
    expect(await updateAll()).toMatchObject({ from: 30, to: 40 });
  });

  test('in 2100 does no harm for good', async () => {
    await install();
    await publish(20);
    const far = Date.UTC(2100, 0) / 1000;
    expect(await codeOf(() => change((device) => update(device, UPDATE), at(far)))).toBe('metadata-expired');
    expect(await updateAll()).toMatchObject({ to: 20 });
  });
});

describe('what is trusted', () => {
  test('is told without a server', async () => {
    await publish(20);
    await install();
    repository.remove('');
    const trust = await read(async (device) => trustInfo(device));
    expect(trust).toMatchObject({
      product: 'tests',
      anchorVersion: 1,
      rootVersion: 1,
      channel: 'stable',
      offered: [10, 20],
      time: { now: TEST_TIME, clock: TEST_TIME, source: 'clock' },
      next: { role: 'timestamp', expires: TEST_TIME + 1000 },
    });
    expect(
      trust.roles.map(({ name, version, threshold, keys }) => [name, version, threshold, keys.length]),
    ).toEqual([
      ['root', 1, 1, 1],
      ['timestamp', 2, 1, 1],
      ['snapshot', 2, 1, 1],
      ['targets', 1, 1, 1],
      ['build', undefined, 1, 1],
      ['stable', 2, 1, 1],
    ]);
  });

  test('is told when it has expired, too, and by which clock', async () => {
    await install();
    const trust = await read(async (device) => trustInfo(device), at(TEST_TIME + 1e9));
    expect(trust).toMatchObject({ offered: [10], next: { role: 'timestamp' }, time: { source: 'clock' } });
    expect(await read(async (device) => trustInfo(device), at(5))).toMatchObject({
      time: { now: TEST_TIME, clock: 5, source: 'build' },
    });
  });

  test('is nobody where the store is lost', async () => {
    await install();
    rmSync(join(state, 'metadata'), { recursive: true });
    const nobody = { trustAnchor: undefined } as unknown as { trustAnchor: Uint8Array };
    expect(await codeOf(() => read(async (device) => trustInfo(device), {}, nobody))).toBe('no-trust-anchor');
    expect(await read(info, {}, nobody)).toMatchObject({ trust: undefined });
  });
});
