import { closeSync, openSync, rmSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BuildCache } from '../cache/build-cache.ts';
import { parseStamps } from '../cache/file-stamps.ts';
import { hashFiles } from '../scan/hash-files.ts';
import { walkBundle } from '../scan/walk-bundle.ts';
import { openLab } from '../test-build.ts';

const FAR = 3_600_000;

/** The stamps that a build has left. */
async function stampsOf(work: string): Promise<string[]> {
  const cache = await BuildCache.open(join(work, 'level'));
  try {
    return [...parseStamps((await cache.read(['stamps:os-core']))[0]).keys()];
  } finally {
    await cache.close();
  }
}

describe('file stamps', () => {
  test('are not kept for files that changed just before the scan', async () => {
    using lab = openLab();
    lab.write({ 'os-core/a': 'a' });
    await lab.build(10);
    expect(await stampsOf(`${lab.repository}.work`)).toEqual([]);
    await lab.build(20, { now: () => Date.now() + FAR });
    expect(await stampsOf(`${lab.repository}.work`)).toEqual(['a']);
  });

  test('a file that differs in nothing that can be seen is not read again, unless told', async () => {
    using lab = openLab();
    lab.write({ 'os-core/a': 'a' });
    await lab.build(10, { now: () => Date.now() + FAR });
    const cache = await BuildCache.open(join(`${lab.repository}.work`, 'level'));
    const [text] = await cache.read(['stamps:os-core']);
    await cache.write([
      ['stamps:os-core', (text ?? '').replace(/\t[0-9a-f]{64}\t/, `\t${'0'.repeat(64)}\t`)],
    ]);
    await cache.close();
    // The wrong digest comes to light when the file is read for its blob.
    await expect(lab.build(20)).rejects.toMatchObject({ code: 'image-changed' });
    await expect(lab.build(20, { rehash: true })).resolves.toMatchObject({ summary: { changedBundles: [] } });
  });

  test.each([
    ['content and time', (path: string) => writeFileSync(path, 'b')],
    [
      'content, with the old time put back',
      (path: string) => {
        writeFileSync(path, 'b');
        utimesSync(path, 1, 1);
      },
    ],
  ])('tell a change of %s', async (_, change) => {
    using lab = openLab();
    lab.write({ 'os-core/a': 'a' });
    utimesSync(join(lab.image, 'os-core/a'), 1, 1);
    await lab.build(10, { now: () => Date.now() + FAR });
    change(join(lab.image, 'os-core/a'));
    const { summary } = await lab.build(20);
    expect(summary.newBlobs.count).toBe(1);
  });
});

test('a file that changes between walk and hash is told', () => {
  using lab = openLab();
  lab.write({ 'os-core/a': 'a', 'os-core/b': 'b' });
  const folder = join(lab.image, 'os-core');
  const nodes = walkBundle({ folder, started: 0 });
  const files = nodes.flatMap((node) =>
    node.type === 'file' ? [{ path: node.path, stamp: node.stamp }] : [],
  );
  expect(hashFiles({ folder, files })).toHaveLength(2);
  const fd = openSync(join(folder, 'b'), 'a');
  writeSync(fd, 'more');
  closeSync(fd);
  expect(() => hashFiles({ folder, files })).toThrow(expect.objectContaining({ code: 'image-changed' }));
  rmSync(join(folder, 'b'));
  expect(() => hashFiles({ folder, files })).toThrow(expect.objectContaining({ code: 'ENOENT' }));
});
