import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createWorkerPool, type WorkerPool } from './worker-pool.ts';

const TASKS = `
import { threadId } from 'node:worker_threads';
export function double(value: number): number { return value * 2; }
export async function thread(): Promise<number> { return threadId; }
export function reverse(bytes: Uint8Array): Uint8Array { return bytes.toReversed(); }
export function fail(message: string): never { throw new RangeError(message); }
export function die(): never { process.exit(3); }
export function hang(): void { for (;;); }
`;

let folder = '';
let module: URL;
let pool: WorkerPool | undefined;
const poolOf = (threads: number): WorkerPool => {
  pool = createWorkerPool({ module, threads });
  return pool;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'swupd-pool-'));
  writeFileSync(join(folder, 'tasks.ts'), TASKS);
  module = pathToFileURL(join(folder, 'tasks.ts'));
});
afterEach(async () => {
  await pool?.close();
  pool = undefined;
});
afterAll(() => rmSync(folder, { recursive: true }));

test('runs the functions of an unbuilt module, results in the order of the calls', async () => {
  const run = poolOf(2).run;
  const results = await Promise.all(Array.from({ length: 50 }, (_, i) => run<number>('double', i)));
  expect(results).toEqual(Array.from({ length: 50 }, (_, i) => i * 2));
});

test('tasks run in other threads', async () => {
  expect(await poolOf(1).run<number>('thread', undefined)).toBeGreaterThan(0);
});

test('bytes go there and come back', async () => {
  const bytes = Uint8Array.of(1, 2, 3);
  expect(await poolOf(1).run<Uint8Array>('reverse', bytes)).toEqual(Uint8Array.of(3, 2, 1));
  expect(bytes).toEqual(Uint8Array.of(1, 2, 3));
});

test('a task that throws rejects its call, and the pool works on', async () => {
  const { run } = poolOf(1);
  await expect(run('fail', 'why')).rejects.toThrow('why');
  expect(await run('double', 4)).toBe(8);
});

test('a thread that dies rejects its call, and another takes its place', async () => {
  const { run } = poolOf(1);
  await expect(run('die', undefined)).rejects.toThrow();
  expect(await run('double', 4)).toBe(8);
});

test('an unknown function rejects', async () => {
  await expect(poolOf(1).run('missing', undefined)).rejects.toThrow();
});

test('closing ends what still runs', async () => {
  const hanging = poolOf(1).run('hang', undefined);
  const outcome = expect(hanging).rejects.toThrow();
  await pool?.close();
  await outcome;
});

test('closing an idle pool that never ran anything', async () => {
  await expect(poolOf(3).close()).resolves.toBeUndefined();
});
