import { type FSWatcher, mkdirSync, readFileSync, rmSync, watch } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { expect, test } from 'vitest';
import { type ImageLiteral, writeImage } from '../support/image.ts';
import { noise, slightlyChanged } from '../support/noise.ts';
import { runServer } from '../support/run-process.ts';
import { Scene } from '../support/scene.ts';
import { snapshotTree } from '../support/snapshot-tree.ts';
import { file } from '../support/tree.ts';

const TIME = 1_800_000_000;
const KEYS = 100;

function image(version: number): ImageLiteral {
  const files = Array.from({ length: 15 }, (_, i) => {
    const bytes = noise(i + 1, 30_000);
    return [`usr/lib/${i}`, file(version === 10 ? bytes : slightlyChanged(bytes))];
  });
  return { bundles: { 'os-core': Object.fromEntries(files), more: { 'usr/m': file(String(version)) } } };
}

function buildArguments({ repository }: Scene): string[] {
  writeImage(repository.imageFolder(20), image(20));
  return [
    ...['build', repository.path, '--image', repository.imageFolder(20), '--version', '20'],
    ...['--keys', repository.keys, '--jobs', '1', '--work', join(repository.path, '../work')],
  ];
}

const ENV = { SOURCE_DATE_EPOCH: String(TIME) };

test('a build that dies at any moment leaves the repository usable, and can simply be run again', async () => {
  using undisturbed = new Scene({ seed: KEYS });
  await undisturbed.repository.build(10, image(10));
  expect(await runServer(buildArguments(undisturbed), { env: ENV })).toMatchObject({ exit: 0 });
  const expected = snapshotTree(undisturbed.repository.path);

  using scene = new Scene({ seed: KEYS });
  const { repository } = scene;
  await repository.build(10, image(10));
  const args = buildArguments(scene);
  const timestamp = readFileSync(join(repository.path, LAYOUT.timestamp));
  const work = join(repository.path, '../work');
  let killed = 0;
  for (const changes of [1, 5, 10, 20, 30, 40, 60]) {
    mkdirSync(work, { recursive: true });
    const kill = new AbortController();
    const watcher = killAfter(work, changes, kill);
    const { exit } = await runServer(args, { kill: kill.signal, env: ENV });
    watcher.close();
    if (exit === 0) break;
    killed++;
    expect(exit).toBe('SIGKILL');
    expect(readFileSync(join(repository.path, LAYOUT.timestamp))).toEqual(timestamp);
    const device = scene.device();
    await device.install();
    expect((await device.diagnose()).findings).toEqual([]);
  }
  expect(killed).toBeGreaterThan(2);
  const last = await runServer(args, { env: ENV });
  expect([0, 1]).toContain(last.exit);
  expect(snapshotTree(repository.path)).toEqual(expected);
});

test('two builds at once: the second one ends with 9', async () => {
  using scene = new Scene({ seed: KEYS });
  await scene.repository.build(10, image(10));
  const args = buildArguments(scene);
  const both = await Promise.all([runServer(args, { env: ENV }), runServer(args, { env: ENV })]);
  // The slower one finds the lock, or the version that the other one has published meanwhile.
  expect(both.map(({ exit }) => exit).sort()).toEqual([
    0,
    expect.toSatisfy((exit) => exit === 9 || exit === 1),
  ]);
  rmSync(join(scene.repository.path, '../work'), { recursive: true });
});

function killAfter(folder: string, changes: number, kill: AbortController): FSWatcher {
  let seen = 0;
  return watch(folder, { recursive: true }, () => {
    if (++seen === changes) kill.abort();
  });
}
