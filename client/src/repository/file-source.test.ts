import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchBytes } from './fetch-bytes.ts';
import { noise, openTestSource } from './test-server.ts';

const BYTES = noise(600_000);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'repo #%20?-'));
  mkdirSync(join(folder, 'a'));
  writeFileSync(join(folder, 'a', 'b'), BYTES);
  writeFileSync(join(folder, 'empty'), '');
  execFileSync('mkfifo', [join(folder, 'fifo')]);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function read(url: string, name: string, options: { offset?: number; etag?: string } = {}) {
  await using source = openTestSource(url);
  const { offset, etag, body } = await source.fetch(name, options);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return { offset, etag, bytes: Buffer.concat(chunks), stats: { ...source.stats } };
}

test.each([
  ['a path', (path: string) => path],
  ['a path with a slash at its end', (path: string) => `${path}/`],
  ['a URL', (path: string) => pathToFileURL(path).href],
])('%s', async (_, urlOf) => {
  const { bytes, stats } = await read(urlOf(folder), 'a/b');
  expect(bytes.equals(BYTES)).toBe(true);
  expect(stats).toEqual({ requests: 1, bytes: BYTES.length });
});

test('parts', async () => {
  const { etag = '' } = await read(folder, 'a/b');
  const rest = await read(folder, 'a/b', { offset: 599_990, etag });
  expect(rest).toMatchObject({ offset: 599_990, bytes: BYTES.subarray(599_990), stats: { bytes: 10 } });
  expect((await read(folder, 'a/b', { offset: 600_000 })).bytes).toHaveLength(0);
});

test.each([
  ['another entity tag', { offset: 10, etag: '"x"' }],
  ['an offset behind the end', { offset: 600_001 }],
])('%s: from the start', async (_, options) => {
  const { offset, bytes } = await read(folder, 'a/b', options);
  expect([offset, bytes.length]).toEqual([0, BYTES.length]);
});

test('another content has another entity tag', async () => {
  writeFileSync(join(folder, 'c'), 'one');
  const first = await read(folder, 'c');
  writeFileSync(join(folder, 'c'), 'three');
  expect((await read(folder, 'c')).etag).not.toBe(first.etag);
});

test('an empty file', async () => {
  expect((await read(folder, 'empty')).bytes).toHaveLength(0);
});

test.each([
  ['not-found', 17, 'none'],
  ['not-found', 17, 'empty/none'],
  ['unreadable', 17, 'a'],
  ['unreadable', 17, 'fifo'],
])('%s (%i): %s', async (code, exit, name) => {
  await using source = openTestSource(folder);
  await expect(fetchBytes(source, name, { limit: 9 })).rejects.toMatchObject({ code, exit });
});

test('a folder that is not there', async () => {
  await using source = openTestSource(join(folder, 'unmounted'));
  await expect(fetchBytes(source, 'x', { limit: 9 })).rejects.toMatchObject({
    code: 'server-unreachable',
    exit: 16,
  });
});

test('names stay below the folder', async () => {
  await using source = openTestSource(join(folder, 'a'));
  await expect(source.fetch('../empty')).rejects.toThrow(TypeError);
});

test('limits', async () => {
  await using source = openTestSource(folder);
  await expect(fetchBytes(source, 'a/b', { limit: 1000 })).rejects.toMatchObject({ code: 'body-too-long' });
});

test('an abort between two chunks', async () => {
  await using source = openTestSource(folder);
  const controller = new AbortController();
  const { body } = await source.fetch('a/b', { signal: controller.signal });
  const reading = (async () => {
    for await (const _ of body) controller.abort();
  })();
  await expect(reading).rejects.toMatchObject({ code: 'aborted' });
});
