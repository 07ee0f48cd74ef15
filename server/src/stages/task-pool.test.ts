import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RepoPath } from '@swupd/shared';
import { expect, test } from 'vitest';
import { walkBundle } from '../scan/walk-bundle.ts';
import { inBatches, TaskPool } from './task-pool.ts';

function openFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'swupd-pool-'));
  const pool = new TaskPool(2, 10);
  const close = async () => {
    await pool.close();
    rmSync(folder, { recursive: true });
  };
  return { folder, pool, [Symbol.asyncDispose]: close };
}

test('gives results in the order of the requests, whatever each weighs, also from new threads', async () => {
  await using lab = openFolder();
  const sizes = [3_000_000, 10, 500_000, 0];
  for (const size of sizes) writeFileSync(join(lab.folder, `f${size}`), Buffer.alloc(size));
  const stamps = new Map(
    walkBundle({ folder: lab.folder, started: 0 }).map((node) => [
      node.path,
      node.type === 'file' ? node.stamp : '',
    ]),
  );
  const requests = sizes.map((size) => {
    const path = `f${size}` as RepoPath;
    return {
      request: { folder: lab.folder, files: [{ path, stamp: stamps.get(path) ?? '' }] },
      bytes: size,
      memory: size,
    };
  });
  let reported = 0;
  const count = (bytes: number): void => {
    reported += bytes;
  };
  const results = await lab.pool.runAll('hashFiles', requests, count);
  await lab.pool.renew();
  const again = await lab.pool.runAll('hashFiles', [...requests].reverse());
  expect(again.reverse()).toEqual(results);
  expect(new Set(results.flat()).size).toBe(4);
  expect(reported).toBe(3_500_010);
});

test('an error of a thread keeps its code, and what waits is not started', async () => {
  await using lab = openFolder();
  const bad = { request: { folder: join(lab.folder, 'missing'), started: 0 }, bytes: 1, memory: 100 };
  const calls: number[] = [];
  const run = lab.pool.runAll(
    'walkBundle',
    [bad, { ...bad, request: { folder: lab.folder, started: 0 } }],
    (n) => calls.push(n),
  );
  await expect(run).rejects.toMatchObject({ code: 'io-failed', details: { code: 'ENOENT' } });
  expect(calls).toEqual([]);
});

test.each([
  [[], []],
  [[1, 2, 3], [[1, 2, 3]]],
  [
    [9, 2, 3, 4, 5],
    [[9], [2, 3, 4], [5]],
  ],
  [
    [20, 1],
    [[20], [1]],
  ],
  [
    [1, 1, 1, 1],
    [[1, 1, 1], [1]],
  ],
])('%j makes the batches %j', (sizes, expected) => {
  const batches = inBatches(sizes, (size) => size, { bytes: 9, count: 3 });
  expect(batches.map(({ items }) => items)).toEqual(expected);
});
