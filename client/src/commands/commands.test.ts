import { chmodSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRepoPath } from '@swupd/shared';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Device } from '../device/device.ts';
import { readDevice } from '../device/with-device.ts';
import { codeOf, dir, file, plant, readTree, symlink, testPorts, uproot } from '../test-support.ts';
import { cuttingDisk } from '../transaction/test-cuts.ts';
import { bundleAdd } from './bundle-add.ts';
import { bundleInfo } from './bundle-info.ts';
import { bundleList } from './bundle-list.ts';
import { bundleRemove } from './bundle-remove.ts';
import { checkUpdate } from './check-update.ts';
import { clean } from './clean.ts';
import type { DiagnoseOptions } from './diagnose.ts';
import { info } from './info.ts';
import { osInstall } from './os-install.ts';
import { repair } from './repair.ts';
import {
  BUNDLES_20,
  CORE,
  change,
  DIAGNOSE,
  EDITORS,
  folder,
  GAMES,
  INSTALL,
  install,
  LIBRARY,
  LIBS,
  merged,
  PROGRAM,
  problems,
  read,
  repository,
  root,
  state,
  UPDATE,
  updateAll,
  useSystem,
  WITHOUT_OLD,
} from './test-system.ts';
import { update } from './update.ts';

useSystem();

describe('a system', () => {
  test('is installed, and is what the build has', async () => {
    const result = await install('editors');
    expect(result.bundles).toEqual(['editors', 'games', 'libs', 'os-core']);
    expect(readTree(root)).toEqual(merged(CORE, LIBS, GAMES, EDITORS));
    expect(await problems()).toEqual([]);
    expect(readdirSync(join(state, 'cache'))).toEqual([]);
    expect(readdirSync(join(state, 'downloads'))).toEqual([]);
    expect(await read(info)).toMatchObject({ version: 10, bundles: 4, tracked: 1, url: repository.path });
  });

  test('is not installed twice, unless by force', async () => {
    await install();
    expect(await codeOf(() => install('libs'))).toBe('already-installed');
    await change((device) => osInstall(device, { ...INSTALL, bundles: ['libs'], force: true }));
    expect(readTree(root)).toEqual(merged(CORE, LIBS));
  });

  test('can be installed over foreign files, which are kept', async () => {
    plant(root, { usr: file('mine'), etc: dir({ mode: 0o700 }), 'etc/conf': file('edited') });
    const { outcome } = await install();
    expect(readTree(root)).toEqual(merged(CORE, { 'etc/conf': file('edited'), 'usr.kept-1': file('mine') }));
    expect(outcome.notices.map(({ path, reason }) => `${path} ${reason}`).sort()).toEqual([
      'etc/conf config-kept',
      'usr kept-aside',
    ]);
  });

  test.each([
    ['an unknown bundle', { bundles: ['nothing'] }, 'unknown-bundle'],
    ['an unknown version', { version: 5 }, 'no-such-version'],
  ])('%s is refused', async (_name, some, code) => {
    expect(await codeOf(() => change((device) => osInstall(device, { ...INSTALL, ...some })))).toBe(code);
    expect(readTree(root)).toEqual({});
  });

  test('that is none has no version', async () => {
    for (const command of [
      info,
      checkUpdate,
      (device: Device) => bundleList(device, { all: false, orphans: false }),
    ])
      expect(await codeOf(() => read<unknown>(command))).toBe('not-installed');
    expect(readdirSync(folder.path).sort()).toEqual(['repo', 'root']);
  });
});

describe('a damaged state directory', () => {
  const spoil: [string, () => void][] = [
    ['signatures of the MoM', () => eachIn('releases', '.sig')],
    ['the MoM', () => eachIn('releases', '.mom')],
    ['manifests', () => eachIn('documents', '.zst')],
    ['the timestamp', () => truncateSync(join(state, 'metadata/timestamp.json'), 10)],
  ];
  const eachIn = (name: string, ending: string): void => {
    for (const path of readdirSync(join(state, name)))
      if (path.endsWith(ending)) truncateSync(join(state, name, path), 10);
  };
  test.each(spoil)('%s: fetched again, and good afterwards', async (_name, damage) => {
    await install('libs');
    damage();
    expect(await problems()).toEqual([]);
    repository.remove('releases');
    repository.remove('documents');
    expect(await problems()).toEqual([]);
  });

  test('the installed record: said, and put right by another installation', async () => {
    await install('libs');
    truncateSync(join(state, 'installed.json'), 10);
    for (const command of [() => problems(), () => updateAll(), () => read(info)])
      expect(await codeOf(command)).toBe('bad-state');
  });
});

describe('bundles', () => {
  const list = async (some = {}): Promise<string[]> =>
    (await read((device) => bundleList(device, { all: false, orphans: false, ...some }))).map(
      ({ name, status }) => `${name} ${status}`,
    );

  test('come with what they include and propose, and go', async () => {
    await install();
    const add = (names: string[], skipOptional = false) =>
      change((device) => bundleAdd(device, { names, skipOptional, dryRun: false }));
    const remove = (some = {}) =>
      change((device) =>
        bundleRemove(device, {
          names: [],
          force: false,
          recursive: false,
          orphans: false,
          dryRun: false,
          ...some,
        }),
      );
    expect(await add(['editors', 'nothing'])).toMatchObject({
      added: ['editors', 'games', 'libs'],
      unknown: ['nothing'],
    });
    expect(readTree(root)).toEqual(merged(CORE, LIBS, GAMES, EDITORS));
    expect(await list()).toEqual([
      'editors tracked',
      'games dependency',
      'libs dependency',
      'os-core dependency',
    ]);
    expect(await add(['editors'])).toMatchObject({ added: [], present: ['editors'], outcome: undefined });
    expect(await codeOf(() => remove({ names: ['libs'] }))).toBe('bundle-required');
    // What goes needs no network.
    repository.remove('');
    expect(await remove({ names: ['editors'] })).toMatchObject({ removed: ['editors'] });
    expect(await list({ orphans: true })).toEqual(['games dependency', 'libs dependency']);
    expect(await remove({ orphans: true })).toMatchObject({ removed: ['games', 'libs'] });
    expect(readTree(root)).toEqual(merged(CORE));
    expect(await codeOf(() => remove({ names: ['os-core'], force: true }))).toBe('bundle-required');
    expect(await problems()).toEqual([]);
  });

  test('without what is only proposed', async () => {
    await install();
    const { added } = await change((device) =>
      bundleAdd(device, { names: ['editors'], skipOptional: true, dryRun: false }),
    );
    expect(added).toEqual(['editors', 'libs']);
  });

  test('are described', async () => {
    await install('libs');
    const describeBundle = (name: string, some = {}) =>
      read((device) => bundleInfo(device, { name, files: true, dependencies: false, ...some }));
    expect(await describeBundle('editors')).toMatchObject({
      status: 'not-installed',
      includes: ['libs'],
      alsoAdd: ['games'],
      dependencies: ['libs', 'os-core'],
      files: ['usr', 'usr/editor'],
    });
    expect((await describeBundle('editors', { dependencies: true })).files).toContain('usr/program');
    expect(await describeBundle('libs')).toMatchObject({ status: 'tracked', contentSize: LIBRARY.length });
    expect(await codeOf(() => describeBundle('nothing'))).toBe('unknown-bundle');
    expect(await list({ all: true, dependantsOf: 'libs' })).toEqual(['editors not-installed']);
    expect(await codeOf(() => list({ dependantsOf: 'editors' }))).toBe('bundle-not-installed');
  });
});

describe('diagnosis and repair', () => {
  const repairAll = (some: Partial<DiagnoseOptions> = {}) =>
    change((device) => repair(device, { ...DIAGNOSE, ...some, dryRun: false }));
  beforeEach(() => install('libs'));

  test('what is wrong is found, put right, and found no more', async () => {
    writeFileSync(join(root, 'usr/program'), 'broken');
    chmodSync(join(root, 'usr/lib'), 0o777);
    uproot(root, 'usr/link');
    writeFileSync(join(root, 'etc/conf'), 'mine\n');
    const expected = [
      'usr/lib wrong-mode',
      'usr/link missing',
      'usr/program modified',
      'usr/program-2 modified',
    ];
    expect(await problems()).toEqual(expected);
    const before = readTree(root);
    expect(await change((device) => repair(device, { ...DIAGNOSE, dryRun: true }))).toMatchObject({
      outcome: { dryRun: true },
    });
    expect(readTree(root)).toEqual(before);
    const { findings, notices } = await repairAll();
    expect(findings.map(({ path, problem }) => `${path} ${problem}`)).toEqual(expected);
    expect(notices).toEqual([{ path: 'etc/conf', reason: 'config-kept' }]);
    expect(await problems()).toEqual([]);
    expect(readTree(root)).toEqual(merged(CORE, LIBS, { 'etc/conf': file('mine\n') }));
  });

  test('a lost root is put back', async () => {
    rmSync(join(root, 'usr'), { recursive: true });
    rmSync(join(root, 'etc'), { recursive: true });
    await repairAll();
    expect(readTree(root)).toEqual(merged(CORE, LIBS));
  });

  test('needs no network where the device has the content', async () => {
    uproot(root, 'usr/program-2');
    plant(root, { 'usr/program-2': file(`${PROGRAM.slice(1)}X`) });
    repository.remove('');
    const result = await repairAll();
    expect(result.outcome.transferred).toEqual({ requests: 0, bytes: 0 });
    expect(readTree(root)).toEqual(merged(CORE, LIBS));
  });

  test('of one name of a file looks at all of them', async () => {
    writeFileSync(join(root, 'usr/program'), 'broken');
    const files = [parseRepoPath('usr/program-2')];
    expect(await problems({ files })).toEqual(['usr/program modified', 'usr/program-2 modified']);
    await repairAll({ files });
    expect(await problems()).toEqual([]);
  });

  test('of some paths or bundles leaves the others', async () => {
    writeFileSync(join(root, 'usr/lib'), 'broken');
    writeFileSync(join(root, 'usr/old'), 'broken');
    expect(await problems({ bundles: ['libs'] })).toEqual(['usr/lib modified']);
    expect(await problems({ files: [parseRepoPath('usr/old')] })).toEqual(['usr/old modified']);
    expect(await problems({ bundles: ['libs'], files: [parseRepoPath('usr')] })).toEqual([
      'usr/lib modified',
    ]);
    expect(await codeOf(() => problems({ bundles: ['games'] }))).toBe('bundle-not-installed');
    expect(await codeOf(() => problems({ files: [parseRepoPath('nothing')] }))).toBe('nothing-matches');
  });

  test('extra files are found and removed when asked for, but for the whitelist', async () => {
    plant(root, {
      'usr/extra': dir(),
      'usr/extra/x': file(''),
      'usr/local': dir(),
      'usr/local/y': file(''),
      'etc/z': file(''),
    });
    const expected = ['usr/extra extra', 'usr/extra/x extra'];
    expect(await problems()).toEqual([]);
    expect(await problems({ picky: true })).toEqual(expected);
    expect(await problems({ extraOnly: true })).toEqual(expected);
    await repairAll({ picky: true });
    expect(await problems({ picky: true })).toEqual([]);
    expect(Object.keys(readTree(root))).toEqual(expect.arrayContaining(['usr/local/y', 'etc/z']));
  });

  test('by size alone finds less, and reads nothing', async () => {
    writeFileSync(join(root, 'usr/old'), 'GOES');
    expect(await problems({ quick: true })).toEqual([]);
    expect(await problems()).toEqual(['usr/old modified']);
  });
});

describe('one command at a time', () => {
  test('another one is refused, and reading is not', async () => {
    await install();
    const processes = { self: '2 1 boot', isAlive: () => true };
    await change(
      async () => {
        expect(
          await codeOf(() => change(checkUpdate, { processes: { self: '3 1 boot', isAlive: () => true } })),
        ).toBe('locked');
        expect(await problems()).toEqual([]);
      },
      { processes },
    );
    await change(checkUpdate);
  });

  test('the next command finishes what was cut off, and says so', async () => {
    await install();
    await repository.publish({ version: 20, bundles: BUNDLES_20 });
    const cutting = cuttingDisk();
    const progress = {
      report: () => {},
      finish: (stage: string) => (stage === 'read back' ? cutting.cutAfter(30) : undefined),
    };
    const dead = { self: '99 1 boot', isAlive: () => false };
    await expect(
      change((device) => update(device, UPDATE), { disk: cutting.disk, progress, processes: dead }),
    ).rejects.toThrow();
    const said: string[] = [];
    const warn = (message: string): void => void said.push(message);
    await read(info, { warn });
    expect(said).toHaveLength(1);
    await change(info, { warn });
    expect(said).toHaveLength(2);
    expect(readTree(root)).toEqual(merged(WITHOUT_OLD));
    expect(await read(info, { warn })).toMatchObject({ version: 20 });
    expect(said).toHaveLength(2);
    expect(await problems()).toEqual([]);
  });
});

test('clean removes what is not needed, and says what', async () => {
  await install();
  plant(state, { 'cache/left': file('12345'), 'downloads/pack-x': file('123') });
  writeFileSync(join(state, 'documents', `${'0'.repeat(64)}.zst`), '');
  const run = (some = {}) =>
    change((device) => clean(device, { all: false, kept: false, dryRun: false, ...some }));
  const planned = await run({ dryRun: true });
  expect([planned.removed.length, planned.bytes]).toEqual([3, 8]);
  expect(await run()).toEqual(planned);
  expect(await run()).toEqual({ removed: [], bytes: 0, left: { versions: [], bytes: 0 } });
  await run({ all: true });
  expect(readdirSync(join(state, 'documents'))).toEqual([]);
  expect(await problems()).toEqual([]);
});

describe('the address of the repository', () => {
  test('named, configured, kept', async () => {
    await install();
    const urlOf = (some: object) =>
      readDevice(testPorts(), { root, stateDirectory: state, ...some }, async (device) => device.url);
    expect(await urlOf({})).toBe(repository.path);
    plant(root, {
      'usr/share': dir(),
      'usr/share/defaults': dir(),
      'usr/share/defaults/swupd': dir(),
      'usr/share/defaults/swupd/url': file('https://distribution\n'),
    });
    expect(await urlOf({})).toBe('https://distribution');
    plant(root, { 'etc/swupd': dir(), 'etc/swupd/url': file('  https://administrator  \nmore\n') });
    expect(await urlOf({})).toBe('https://administrator');
    uproot(root, 'etc/swupd/url');
    plant(root, { 'etc/swupd/url': symlink('/etc/hostname') });
    expect(await urlOf({})).toBe('https://distribution');
    expect(await urlOf({ url: 'https://named' })).toBe('https://named');
  });

  test('says which channel is followed', async () => {
    const channelOf = (some: object) =>
      readDevice(testPorts(), { root, stateDirectory: state, ...some }, async (device) => device.channel);
    await install();
    expect(await channelOf({})).toBe('stable');
    plant(root, { 'etc/swupd': dir(), 'etc/swupd/channel': file('beta\n') });
    expect(await channelOf({})).toBe('beta');
    expect(await channelOf({ channel: 'nightly' })).toBe('nightly');
  });
});
