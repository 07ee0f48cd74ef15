import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Disk } from '../disk/index.ts';
import { codeOf, dir, file, plant, readTree, type Tree, uproot } from '../test-support.ts';
import { cuttingDisk } from '../transaction/test-cuts.ts';
import { bundleAdd } from './bundle-add.ts';
import { bundleRemove } from './bundle-remove.ts';
import { clean } from './clean.ts';
import { history } from './history.ts';
import { info } from './info.ts';
import { type RollbackResult, rollback } from './rollback.ts';
import {
  BUNDLES,
  BUNDLES_20,
  CORE,
  change,
  EDITORS,
  GAMES,
  install,
  LIBS,
  merged,
  problems,
  QUICK,
  read,
  repository,
  root,
  state,
  updateAll,
  useSystem,
  WITHOUT_OLD,
} from './test-system.ts';

useSystem();

const back = (options = {}, disk: Disk = QUICK): Promise<RollbackResult> =>
  change((device) => rollback(device, { dryRun: false, ...options }), { disk });
const facts = async () => (await read(info)).kept;
const setting = (line: string): void => {
  if (readdirSync(join(root, 'etc')).includes('swupd')) uproot(root, 'etc/swupd');
  plant(root, { 'etc/swupd': dir(), 'etc/swupd/keep': file(`${line}\n`) });
};
const KEEP_TWO: Tree = { 'etc/swupd': dir(), 'etc/swupd/keep': file('2\n') };
const BEFORE = () => merged(CORE, LIBS, GAMES, EDITORS);
const AFTER = () => merged(WITHOUT_OLD, BUNDLES_20.libs.tree, GAMES, EDITORS);
const CORE_30: Tree = {
  ...WITHOUT_OLD,
  'usr/program': file('thirty', { mode: 0o755 }),
  'usr/third': file('3'),
};
const { 'usr/program-2': _, ...TREE_30 } = CORE_30;

/** Builds 10 and 20 installed one after the other, and then the server is gone. */
async function updated(): Promise<void> {
  await install('editors');
  await repository.publish({ version: 20, bundles: BUNDLES_20, packs: true, differences: true });
  await updateAll();
  rmSync(repository.path, { recursive: true });
}

describe('a rollback', () => {
  test('goes back without a server, and a second one forward again', async () => {
    await updated();
    expect(await facts()).toMatchObject({ versions: [10] });
    const { from, to, outcome } = await back();
    expect([from, to, outcome.transferred]).toEqual([20, 10, { requests: 0, bytes: 0 }]);
    expect(readTree(root)).toEqual(BEFORE());
    expect(await read(info)).toMatchObject({ version: 10, kept: { versions: [20] } });
    expect(await problems()).toEqual([]);
    expect(await back()).toMatchObject({ from: 10, to: 20 });
    expect(readTree(root)).toEqual(AFTER());
    expect(await problems()).toEqual([]);
    expect(await back()).toMatchObject({ from: 20, to: 10 });
    expect(readTree(root)).toEqual(BEFORE());
  });

  test('shares no inode with what is kept', async () => {
    await updated();
    await back();
    expect(statSync(join(root, 'usr/old')).nlink).toBe(1);
    expect(readdirSync(join(state, 'cache'))).toEqual([]);
  });

  test('leaves everything as it was with --dry-run', async () => {
    await updated();
    const { outcome } = await back({ dryRun: true });
    expect(outcome.cost).toMatchObject({ downloadBytes: 0, requests: 0 });
    expect(readTree(root)).toEqual(AFTER());
    expect([await facts(), readdirSync(join(state, 'cache'))]).toEqual([
      { versions: [10], bytes: expect.any(Number) },
      [],
    ]);
  });

  test('an update goes forward again', async () => {
    await install('editors');
    await repository.publish({ version: 20, bundles: BUNDLES_20 });
    await updateAll();
    await back();
    expect(await updateAll()).toMatchObject({
      kind: 'updated',
      from: 10,
      to: 20,
      transferred: { requests: 2 },
    });
    expect(readTree(root)).toEqual(AFTER());
  });

  test('puts back what was edited as it was, and leaves config files as they are', async () => {
    await install('editors');
    writeFileSync(join(root, 'usr/old'), 'edited on the device');
    writeFileSync(join(root, 'usr/lib'), 'edited as well');
    await repository.publish({ version: 20, bundles: BUNDLES_20 });
    await updateAll();
    writeFileSync(join(root, 'etc/conf'), 'edited after the update\n');
    rmSync(repository.path, { recursive: true });
    expect(await back()).toMatchObject({
      outcome: { notices: [{ path: 'etc/conf', reason: 'config-kept' }] },
    });
    expect(readTree(root)).toEqual({
      ...BEFORE(),
      'etc/conf': 'file 644 edited after the update\n',
      'usr/old': 'file 644 edited on the device',
      'usr/lib': 'file 644 edited as well',
    });
  });

  test('has the bundles that there were then, whatever came and went since', async () => {
    await install('editors');
    await repository.publish({
      version: 20,
      bundles: { ...BUNDLES_20, more: { tree: { more: file('x') } } },
    });
    await updateAll();
    await change((device) => bundleAdd(device, { names: ['more'], skipOptional: false, dryRun: false }));
    await change((device) =>
      bundleRemove(device, {
        names: ['editors'],
        force: false,
        recursive: true,
        orphans: false,
        dryRun: false,
      }),
    );
    rmSync(repository.path, { recursive: true });
    await back();
    expect(readTree(root)).toEqual(BEFORE());
    expect(await problems()).toEqual([]);
  });

  test('is possible after everything else was cleaned', async () => {
    await updated();
    await change((device) => clean(device, { all: true, kept: false, dryRun: false }));
    // Only the manifests of the build that is installed have to be fetched.
    await repository.publish({ version: 10, bundles: BUNDLES });
    await repository.publish({ version: 20, bundles: BUNDLES_20 });
    const { outcome } = await back();
    expect(outcome.cost.downloadBytes).toBe(0);
    expect(readTree(root)).toEqual(BEFORE());
  });

  test('fetches what is damaged of the kept content', async () => {
    await install('editors');
    await repository.publish({ version: 20, bundles: BUNDLES_20 });
    await updateAll();
    for (const name of readdirSync(join(state, 'kept'))) writeFileSync(join(state, 'kept', name), 'damaged');
    await back();
    expect(readTree(root)).toEqual(BEFORE());
  });

  test('that is cut off anywhere is finished, or never was', { timeout: 60_000 }, async () => {
    await updated();
    let version = 20;
    for (let operations = 0, cuts = 0; cuts < 3; operations += 7) {
      const cutting = cuttingDisk();
      cutting.cutAfter(operations);
      const hasEnded = await back({}, cutting.disk).then(
        () => true,
        () => false,
      );
      if (hasEnded) cuts++;
      version = (await change(info)).version;
      expect(readTree(root)).toEqual(version === 10 ? BEFORE() : AFTER());
      expect(await problems()).toEqual([]);
    }
    expect(await facts()).toMatchObject({ versions: [30 - version] });
  });

  test('is refused where nothing is kept', async () => {
    await install();
    expect(await codeOf(() => back())).toBe('nothing-kept');
    await repository.publish({ version: 20, bundles: BUNDLES_20 });
    await updateAll();
    expect(await codeOf(() => back({ version: 15 }))).toBe('nothing-kept');
    const cleaned = await change((device) => clean(device, { all: false, kept: true, dryRun: false }));
    expect(cleaned.bytes).toBeGreaterThan(1000);
    expect([await facts(), await codeOf(() => back())]).toEqual([{ versions: [], bytes: 0 }, 'nothing-kept']);
    expect(await problems()).toEqual([]);
  });
});

describe('how much is kept', () => {
  const update30 = async (): Promise<void> => {
    await repository.publish({ version: 20, bundles: BUNDLES_20 });
    await updateAll();
    await repository.publish({ version: 30, bundles: { ...BUNDLES_20, 'os-core': { tree: TREE_30 } } });
    await updateAll();
  };

  test('one version, unless it is said otherwise', async () => {
    await install();
    await update30();
    expect(await facts()).toMatchObject({ versions: [20] });
  });

  test.each([
    ['0', []],
    ['1', [20]],
    ['2', [20, 10]],
    ['2 1K', []],
    ['2 100M', [20, 10]],
    ['many', [20]],
  ])("'%s' keeps %j", async (line, versions) => {
    await install();
    setting(line);
    await update30();
    expect(await facts()).toMatchObject({ versions });
    if (versions.length === 0) expect(readdirSync(state)).not.toContain('journal');
  });

  test('each of them can be gone back to', async () => {
    await install('editors');
    setting('2');
    await update30();
    rmSync(repository.path, { recursive: true });
    expect(await back({ version: 10 })).toMatchObject({ from: 30, to: 10 });
    expect(readTree(root)).toEqual(merged(CORE, LIBS, GAMES, EDITORS, KEEP_TWO));
    expect(await facts()).toMatchObject({ versions: [30, 20] });
    expect(await back({ version: 20 })).toMatchObject({ from: 10, to: 20 });
    expect(readTree(root)).toEqual(merged(WITHOUT_OLD, BUNDLES_20.libs.tree, GAMES, EDITORS, KEEP_TWO));
    expect(await back({ version: 30 })).toMatchObject({ from: 20, to: 30 });
    expect(readTree(root)).toEqual(merged(TREE_30, BUNDLES_20.libs.tree, GAMES, EDITORS, KEEP_TWO));
  });
});

test('the history tells it all', async () => {
  await updated();
  await back();
  const told = await read((device) => history(device, { count: 10 }));
  expect(
    told.map(({ command, from, to, outcome, bytes }) => [command, from, to, outcome, bytes > 0]),
  ).toEqual([
    ['os-install', null, 10, 'done', true],
    ['update', 10, 20, 'done', true],
    ['rollback', 20, 10, 'done', false],
  ]);
  expect(await read((device) => history(device, { count: 1 }))).toEqual(told.slice(2));
});
