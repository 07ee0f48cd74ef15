import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import type { FileName } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import type { Directory, Disk } from '../disk/index.ts';
import { noise } from '../repository/test-server.ts';
import { TestRepository } from '../test-repository.ts';
import { codeOf, readTree, TEST_TIME } from '../test-support.ts';
import { seedOf } from '../test-trust.ts';
import { cuttingDisk } from '../transaction/test-cuts.ts';
import { checkUpdate } from './check-update.ts';
import {
  asking,
  at,
  BUNDLES,
  BUNDLES_20,
  change,
  folder,
  install,
  problems,
  publish,
  QUICK,
  read,
  repository,
  state,
  UPDATE,
  updateAll,
  useSystem,
} from './test-system.ts';
import { trustInfo } from './trust-info.ts';
import { update } from './update.ts';

useSystem();

const DAY = 86_400;

describe('keys', () => {
  test('that were rotated forty times while the device slept', async () => {
    await install();
    const { trust } = repository;
    for (let year = 0; year < 40; year++) {
      const before = trust.seeds.root;
      trust.seeds.root = [seedOf(100 + year)];
      trust.publishRoot(before);
    }
    trust.seeds.timestamp = [seedOf(50)];
    trust.publishRoot();
    trust.time = TEST_TIME + 3 * 365 * DAY;
    for (const role of ['root', 'targets', 'snapshot', 'timestamp', 'stable'])
      trust.expires[role] = trust.time + 30 * DAY;
    trust.publishRoot();
    await publish(20);
    const names: string[] = [];
    const ports = { ...asking(names), ...at(trust.time) };
    expect(await change((device) => update(device, UPDATE), ports)).toMatchObject({ to: 20 });
    expect(names.filter((name) => name.endsWith('root.json'))).toHaveLength(43);
    expect(await read(async (device) => trustInfo(device))).toMatchObject({
      anchorVersion: 1,
      rootVersion: 43,
    });
  });

  test('of which enough have signed the MoM, whichever they are', async () => {
    await install();
    const { trust } = repository;
    trust.seeds.build = [seedOf(21), seedOf(22)];
    await publish(20);
    // One key of two is enough from now on; the file of the first is not there, or damaged.
    const [first] = readdirSync(join(repository.path, 'releases/20')).filter((name) => name.endsWith('.sig'));
    trust.thresholds.build = 1;
    trust.publish();
    truncateSync(join(repository.path, 'releases/20', String(first)), 5);
    expect(await updateAll({ dryRun: true })).toMatchObject({ to: 20 });
    rmSync(join(repository.path, 'releases/20', String(first)));
    expect(await updateAll()).toMatchObject({ to: 20 });
  });

  test('of another product open no door', async () => {
    await install();
    repository.trust.product = 'another';
    repository.trust.publish();
    expect(await codeOf(() => updateAll())).toBe('wrong-product');
  });

  test('of builds that were rotated: what was downloaded before needs the new signature only', async () => {
    await install();
    const mom = await publish(20);
    await updateAll({ downloadOnly: true });
    repository.trust.seeds.build = [seedOf(77)];
    repository.publishMom(mom);
    const names: string[] = [];
    await change((device) => update(device, UPDATE), asking(names));
    expect(names.filter((name) => /^(?:targets|releases)\//.test(name))).toEqual([
      expect.stringMatching(/^releases\/20\/[0-9a-f]{64}\.sig$/),
    ]);
  });
});

describe('another trust anchor', () => {
  const found = async (): Promise<TestRepository> => {
    const seeds = { root: [seedOf(60)], snapshot: [seedOf(61)], timestamp: [seedOf(62)] };
    const other = new TestRepository(join(folder.path, 'other'), seeds);
    await other.publish({ version: 10, bundles: BUNDLES });
    await other.publish({ version: 20, bundles: BUNDLES_20 });
    return other;
  };
  const optionsFor = (other: TestRepository) => ({ url: other.path, trustAnchor: other.anchor });
  const without = () => readTree(join(state, 'metadata'));

  test('replaces the one before when its command has succeeded', async () => {
    await install();
    const other = await found();
    await change((device) => update(device, UPDATE), {}, optionsFor(other));
    expect(readFileSync(join(state, 'metadata/factory.root.json'))).toEqual(Buffer.from(other.anchor));
    expect(await updateAll()).toMatchObject({ kind: 'up-to-date' });
  });

  test('leaves no trace where it fails', async () => {
    await install();
    const other = await found();
    const before = without();
    other.remove('documents');
    const code = await codeOf(() => change((device) => update(device, UPDATE), {}, optionsFor(other)));
    expect(code).toBe('manifest-unavailable');
    expect(await read((device) => checkUpdate(device), {}, optionsFor(other))).toMatchObject({ newest: 20 });
    expect(without()).toEqual(before);
  });

  test('of the same chain starts there, and remembers what has been seen', async () => {
    await install();
    const old = repository.read(LAYOUT.timestamp);
    repository.trust.seeds.timestamp = [seedOf(11)];
    const second = repository.trust.publishRoot();
    await publish(20);
    await change((device) => update(device, UPDATE), {}, { trustAnchor: second });
    expect(await read(async (device) => trustInfo(device), {}, { trustAnchor: second })).toMatchObject({
      anchorVersion: 2,
      rootVersion: 2,
    });
    repository.write(LAYOUT.timestamp, old);
    expect(await codeOf(() => updateAll())).toBe('metadata-rollback');
  });
});

/** Of the files of the store, one after the other. */
const DAMAGES = 120;

describe('the store', () => {
  const NAMES = ['root', 'timestamp', 'snapshot', 'targets', 'stable'];
  const twoRoots = async (): Promise<void> => {
    repository.trust.publishRoot();
    await install();
  };

  test.each(NAMES.flatMap((name) => ['empty', 'torn', 'gone'].map((how) => [name, how] as const)))(
    'with a %s.json that is %s is made whole',
    async (name, how) => {
      await twoRoots();
      const path = join(state, `metadata/${name}.json`);
      const before = readFileSync(path);
      if (how === 'gone') rmSync(path);
      else truncateSync(path, how === 'empty' ? 0 : 40);
      expect(await read(checkUpdate)).toMatchObject({ newest: 10 });
      expect(readFileSync(path)).toEqual(before);
      await publish(20);
      expect(await updateAll()).toMatchObject({ to: 20 });
    },
  );

  test('with whatever in it is made whole', async () => {
    await twoRoots();
    const folder = join(state, 'metadata');
    const files = readdirSync(folder);
    const pristine = new Map(files.map((name) => [name, readFileSync(join(folder, name))]));
    const dice = noise(4 * DAMAGES, 7);
    for (let i = 0; i < DAMAGES; i++) {
      const name = files[i % files.length] ?? '';
      const bytes = Buffer.from(pristine.get(name) ?? '');
      const at = dice.readUInt16BE(4 * i) % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << ((dice[4 * i + 2] ?? 0) & 7));
      const isTorn = (dice[4 * i + 3] ?? 0) % 3 === 0;
      writeFileSync(join(folder, name), isTorn ? bytes.subarray(0, at) : bytes);
      expect(await change(checkUpdate)).toMatchObject({ installed: 10, newest: 10 });
    }
    for (const [name, bytes] of pristine) expect(readFileSync(join(folder, name))).toEqual(bytes);
  });

  test('is good after a cut at any moment', async () => {
    await install();
    repository.trust.publishRoot();
    await publish(20);
    const cutting = cuttingDisk();
    const pristine = join(folder.path, 'pristine');
    cpSync(state, pristine, { recursive: true });
    const check = (disk: Disk) => read(checkUpdate, { disk });
    cutting.cutAfter(Number.POSITIVE_INFINITY);
    await check(cutting.disk);
    const { operations } = cutting;
    expect(operations).toBeGreaterThan(50);
    for (let cut = 0; cut < operations; cut++) {
      rmSync(state, { recursive: true });
      cpSync(pristine, state, { recursive: true });
      cutting.cutAfter(cut);
      await expect(check(cutting.disk)).rejects.toThrow();
      expect(await check(QUICK)).toMatchObject({ installed: 10, newest: 20 });
    }
  });

  test('that can not be written stops nobody who learns nothing new', async () => {
    await install();
    const disk: Disk = { ...QUICK, openRoot: (path) => readOnly(QUICK.openRoot(path)) };
    expect(await read(checkUpdate, { disk })).toMatchObject({ newest: 10 });
    expect(await problems()).toEqual([]);
    await publish(20);
    expect(await codeOf(() => read(checkUpdate, { disk }))).toBe('EROFS');
  });
});

/** A directory in which nothing can be made, and none of those below. */
function readOnly(directory: Directory): Directory {
  const refuse = () => {
    throw Object.assign(new Error('EROFS'), { code: 'EROFS' });
  };
  return new Proxy(directory, {
    get: (target, key) => {
      if (key === 'createFile' || key === 'makeDirectory' || key === 'rename') return refuse;
      if (key === 'openDirectory') return (name: FileName) => readOnly(target.openDirectory(name));
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
