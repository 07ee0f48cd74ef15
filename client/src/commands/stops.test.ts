import { mkdirSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { codeOf, readTree } from '../test-support.ts';
import { cuttingDisk } from '../transaction/test-cuts.ts';
import { checkUpdate } from './check-update.ts';
import { history } from './history.ts';
import { info } from './info.ts';
import { osInstall } from './os-install.ts';
import {
  BUNDLES_20,
  CORE,
  change,
  INSTALL,
  install,
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
import { update } from './update.ts';

useSystem();

/** Evenly over all that an update does to the disk. */
const CUTS = 40;

const installed = async (): Promise<number> => (await read(info)).version;
const builds = async (): Promise<string[]> =>
  (await read((device) => history(device, { count: 100 })))
    .filter(({ outcome }) => outcome === 'done')
    .map(({ command, to }) => `${command} ${to}`);

describe('builds that have to be on the way', () => {
  test('are gone through in one command, each in a transaction of its own', async () => {
    await install();
    await publish(20, { barrier: true });
    await publish(30);
    await publish(40, { minFrom: 30 });
    expect(await read(checkUpdate)).toMatchObject({ newest: 40, stops: [20, 30] });
    expect(await updateAll({ dryRun: true })).toMatchObject({ kind: 'planned', to: 40, stops: [20, 30] });
    expect(await updateAll({ downloadOnly: true })).toMatchObject({ kind: 'downloaded', to: 40 });
    expect(await installed()).toBe(10);
    expect(await updateAll()).toMatchObject({ kind: 'updated', from: 10, to: 40, stops: [20, 30] });
    expect(readTree(root)).toEqual(merged(treeOf(40)));
    expect(await builds()).toEqual(['os-install 10', 'update 20', 'update 30', 'update 40']);
    expect(await problems()).toEqual([]);
  });

  test('are added up', async () => {
    await install('games');
    const { games: _, editors: __, ...without } = BUNDLES_20;
    await repository.publish({ version: 20, bundles: without, offer: { barrier: true } });
    await publish(30);
    const result = await updateAll();
    expect(result).toMatchObject({ to: 30, stops: [20], dropped: ['games'], failures: [] });
    const lines = await read((device) => history(device, { count: 2 }));
    if (result.kind === 'up-to-date') throw new TypeError('nothing was done');
    expect(lines.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(result.transferred.bytes);
    expect(result.cost.contentBytes).toBeGreaterThan(0);
    expect(result.readBack?.checked).toBe(
      result.plan.steps.filter(({ action }) => action === 'put-file').length,
    );
  });

  test('of which one fails are where the next update goes on', async () => {
    await install();
    await publish(20, { barrier: true });
    const mom = await publish(30);
    const name = repository.momName(mom);
    const bytes = repository.read(name);
    repository.remove(name);
    const warnings: string[] = [];
    const warn = (message: string) => void warnings.push(message);
    expect(await codeOf(() => change((device) => update(device, UPDATE), { warn }))).toBe('mom-unavailable');
    expect([await installed(), warnings.length]).toEqual([20, 1]);
    expect(warnings[0]).toContain('build 20');
    repository.write(name, bytes);
    expect(await updateAll()).toMatchObject({ from: 20, to: 30, stops: [] });
  });

  test('are where a cut may leave the system, and the next update goes on', async () => {
    await install();
    await publish(20, { barrier: true });
    await publish(30);
    const restore = async (): Promise<void> => {
      for (const path of [root, state]) rmSync(path, { recursive: true, force: true });
      mkdirSync(root);
      await change((device) => osInstall(device, { ...INSTALL, version: 10 }));
    };
    const cutting = cuttingDisk();
    const disk = cutting.disk;
    cutting.cutAfter(Number.POSITIVE_INFINITY);
    await change((device) => update(device, UPDATE), { disk });
    const { operations } = cutting;
    const left = new Set<number>();
    for (let i = 1; i <= CUTS; i++) {
      await restore();
      cutting.cutAfter(Math.floor((operations * i) / (CUTS + 1)));
      await codeOf(() => change((device) => update(device, UPDATE), { disk }));
      await change(async () => {});
      const version = await installed();
      left.add(version);
      expect(readTree(root)).toEqual(version === 10 ? merged(CORE) : merged(treeOf(version)));
      expect(await updateAll()).toMatchObject(version === 30 ? { kind: 'up-to-date' } : { to: 30 });
      expect(readTree(root)).toEqual(merged(treeOf(30)));
    }
    expect([...left].sort()).toEqual([10, 20, 30]);
  });

  test('are looked for on older pages', async () => {
    repository.trust.pageSize = 2;
    await install();
    await publish(20);
    await publish(30);
    await publish(40, { minFrom: 20 });
    await publish(50, { minFrom: 20 });
    expect(await updateAll()).toMatchObject({ from: 10, to: 50, stops: [30] });
  });

  test('and are not offered: no way', async () => {
    await install();
    await publish(20, { minFrom: 15 });
    const before = readTree(root);
    expect(await codeOf(() => read(checkUpdate))).toBe('no-way');
    expect(await codeOf(() => updateAll())).toBe('no-way');
    expect([await installed(), readTree(root)]).toEqual([10, before]);
  });

  test('hold up nobody who installs anew', async () => {
    await publish(20, { barrier: true });
    await publish(30, { minFrom: 20 });
    await install();
    expect(await installed()).toBe(30);
  });
});
