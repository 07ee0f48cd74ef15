import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeImage } from '../support/image.ts';
import { noise, slightlyChanged } from '../support/noise.ts';
import { runServer } from '../support/run-process.ts';
import { Scene } from '../support/scene.ts';
import { file, type Tree } from '../support/tree.ts';

const MIB = 2 ** 20;
const GIB = 1024 * MIB;
const SIZE = 16 * MIB;
const FILES = 8;

/** Large files that are quick to compress, and take all the memory that their size is good for. */
function content(seed: number): Buffer {
  const bytes = Buffer.alloc(SIZE, 'text that compresses well, ');
  for (let at = 0; at < SIZE; at += MIB) bytes.set(noise(seed * 1000 + at / MIB, 16_384), at);
  return bytes;
}

function tree(change: (bytes: Buffer) => Buffer): Tree {
  const seeds = Array.from({ length: FILES }, (_, index) => index + 1);
  return Object.fromEntries(seeds.map((seed) => [`usr/${seed}`, file(change(content(seed)))]));
}

/** Builds with eight threads; the bytes of memory that the process took at its peak. */
async function build(scene: Scene, version: number, bundle: Tree): Promise<number> {
  const { repository } = scene;
  writeImage(repository.imageFolder(version), { bundles: { 'os-core': bundle } });
  const { exit, stdout, stderr } = await runServer([
    ...['build', repository.path, '--image', repository.imageFolder(version)],
    ...['--version', String(version), '--keys', repository.keys, '--work', join(scene.folder, 'work')],
    ...['--jobs', '8', '--memory', '1G', '--json'],
  ]);
  expect(exit, stderr).toBe(0);
  return JSON.parse(stdout).peakMemory;
}

// Without a limit eight threads take 1.8 GB for the second build.
test('a build stays below its memory, with more threads than that allows', async () => {
  using scene = new Scene();
  expect(
    await build(
      scene,
      10,
      tree((bytes) => bytes),
    ),
  ).toBeLessThan(GIB);
  expect(await build(scene, 20, tree(slightlyChanged))).toBeLessThan(GIB);
  expect(scene.repository.objects('deltas').length).toBe(FILES);
}, 300_000);
