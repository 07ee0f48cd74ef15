import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FetchOptions } from '@swupd/shared/io';
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

async function read(url: string, name: string, options: FetchOptions = {}) {
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
  [0, 1],
  [599_990, 10],
  [100_000, 400_000],
])('a part: from %i, %i bytes', async (offset, length) => {
  const found = await read(folder, 'a/b', { offset, length, size: BYTES.length });
  expect(found.bytes.equals(BYTES.subarray(offset, offset + length))).toBe(true);
  expect([found.offset, found.stats.bytes]).toEqual([offset, length]);
});

test.each([
  ['truncated', { size: 600_001 }],
  ['body-too-long', { size: 599_999 }],
  ['truncated', { offset: 599_999, length: 2 }],
  ['truncated', { offset: 700_000, length: 1 }],
  ['range-refused', { offset: 1, length: 2, etag: '"x"' }],
])('%s: %j, and nothing is read', async (code, options) => {
  await using source = openTestSource(folder);
  await expect(source.fetch('a/b', options)).rejects.toMatchObject({ code, exit: 17, retry: false });
  expect(source.stats).toEqual({ requests: 1, bytes: 0 });
});

test('a truncated object is not asked for again', async () => {
  await using source = openTestSource(folder, { retryDelay: 60_000 });
  const size = BYTES.length + 1;
  await expect(fetchBytes(source, 'a/b', { limit: size, size })).rejects.toMatchObject({ code: 'truncated' });
  await expect(fetchBytes(source, 'empty', { limit: 1, size: 1 })).rejects.toMatchObject({
    code: 'truncated',
  });
  expect(source.stats).toEqual({ requests: 2, bytes: 0 });
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
