import { getEventListeners } from 'node:events';

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashContent } from '@swupd/shared/io';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { diskDownloads } from '../content/disk-downloads.ts';
import { REAL_DISK } from '../disk/index.ts';
import { downloadAll } from './download-all.ts';
import type { DownloadFiles } from './download-files.ts';
import type { DownloadRequest } from './part-file.ts';
import { answerObject, answerStatus, noise, openTestSource, startServer } from './test-server.ts';

const OBJECTS = Array.from({ length: 20 }, (_, index) => noise(50_000 + index, index + 1));
const REQUESTS: DownloadRequest[] = OBJECTS.map((bytes, index) => ({
  name: `packs/${index}`,
  size: bytes.length,
  digest: hashContent(bytes),
  file: `pack-${index}`,
}));
const SUM = OBJECTS.reduce((sum, { length }) => sum + length, 0);

let folder: string;
let files: DownloadFiles;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downloads-'));
  files = diskDownloads(REAL_DISK.openRoot(folder));
});
afterEach(() => rmSync(folder, { recursive: true }));

function objectAt(path: string): Buffer {
  return OBJECTS[Number(path.split('/').at(-1))] ?? Buffer.alloc(0);
}

test('all of them, in parallel, without leaving listeners', async () => {
  await using server = await startServer((response, asked) =>
    answerObject(response, asked, objectAt(asked.path)),
  );
  await using source = openTestSource(server.url);
  const { signal } = new AbortController();
  const progress: number[] = [];
  const results = await downloadAll(source, REQUESTS, {
    files,
    signal,
    onProgress: (bytes) => progress.push(bytes),
  });
  expect(results).toEqual(REQUESTS.map((request) => ({ request, outcome: 'ok' })));
  expect(OBJECTS.every((bytes, index) => readFileSync(join(folder, `pack-${index}`)).equals(bytes))).toBe(
    true,
  );
  expect(readdirSync(folder)).toHaveLength(REQUESTS.length);
  expect(source.stats).toEqual({ requests: REQUESTS.length, bytes: SUM });
  expect(progress.at(-1)).toBe(SUM);
  expect(server.connections).toBeLessThanOrEqual(6);
  await vi.waitFor(() => expect(getEventListeners(signal, 'abort')).toEqual([]));
});

test('no more at a time than allowed', async () => {
  let [running, most] = [0, 0];
  await using server = await startServer((response, asked) => {
    most = Math.max(most, ++running);
    response.once('close', () => running--);
    answerObject(response, asked, objectAt(asked.path));
  });
  await using source = openTestSource(server.url);
  await downloadAll(source, REQUESTS, { files, parallel: 2 });
  expect(most).toBeLessThanOrEqual(2);
});

test('one that fails does not stop the others', async () => {
  await using server = await startServer((response, asked) => {
    if (asked.path.endsWith('/3')) answerStatus(response, 404);
    else answerObject(response, asked, asked.path.endsWith('/5') ? noise(50_005, 99) : objectAt(asked.path));
  });
  await using source = openTestSource(server.url);
  const results = await downloadAll(source, REQUESTS, { files });
  const failed = results.filter((result) => result.outcome === 'failed');
  expect(failed).toMatchObject([
    { request: { name: 'packs/3' }, error: { code: 'not-found' } },
    { request: { name: 'packs/5' }, error: { code: 'digest-mismatch' } },
  ]);
  expect(readdirSync(folder)).toHaveLength(REQUESTS.length - 2);
});

test('a server that is gone is not asked for each file', async () => {
  await using server = await startServer((response) => response.socket?.destroy());
  await using source = openTestSource(server.url, { maxRetries: 1 });
  const results = await downloadAll(source, REQUESTS, { files, parallel: 2 });
  expect(results).toMatchObject(
    REQUESTS.map(() => ({ outcome: 'failed', error: { code: 'server-unreachable', exit: 16 } })),
  );
  expect(source.stats.requests).toBeLessThanOrEqual(4);
});

test.each([
  ['too-slow', (response: ServerResponse) => void response.writeHead(200).write('x')],
  ['server-error', (response: ServerResponse) => answerStatus(response, 429, { 'retry-after': '0' })],
])('a server that is %s for one file after the other is left', async (code, answer) => {
  await using server = await startServer(answer);
  await using source = openTestSource(server.url, {
    maxRetries: 1,
    floorRate: { bytesPerSecond: 1000, window: 50 },
  });
  const results = await downloadAll(source, REQUESTS, { files, parallel: 2 });
  expect(results).toMatchObject(REQUESTS.map(() => ({ outcome: 'failed', error: { code } })));
  expect(source.stats.requests).toBeLessThanOrEqual(2 * 7);
});

test('a server that is busy now and then is not left', async () => {
  await using server = await startServer((response, asked) => {
    if (Number(asked.path.split('/').at(-1)) % 2 === 0) answerStatus(response, 503);
    else answerObject(response, asked, objectAt(asked.path));
  });
  await using source = openTestSource(server.url, { maxRetries: 0 });
  const results = await downloadAll(source, REQUESTS, { files, parallel: 1 });
  expect(results.filter(({ outcome }) => outcome === 'ok')).toHaveLength(REQUESTS.length / 2);
});

test('an abort stops all, and what is there is used by the next run', async () => {
  const controller = new AbortController();
  let held = 0;
  const half = (bytes: Buffer): Buffer => bytes.subarray(0, 25_000);
  await using stalling = await startServer((response, { path }) => {
    response.writeHead(200, { etag: `"${path}"`, 'content-length': objectAt(path).length });
    response.write(half(objectAt(path)));
  });
  await using first = openTestSource(stalling.url);
  const options = { files, parallel: 4, signal: controller.signal };
  const stopped = downloadAll(first, REQUESTS, {
    ...options,
    onProgress(bytes) {
      held = bytes;
      if (bytes === 4 * 25_000) controller.abort();
    },
  });
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  expect(held).toBe(100_000);
  expect(stalling.requests).toHaveLength(4);
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);

  await using server = await startServer((response, asked) =>
    answerObject(response, asked, objectAt(asked.path), `"${asked.path}"`),
  );
  await using second = openTestSource(server.url);
  await downloadAll(second, REQUESTS, { files });
  expect(first.stats.bytes + second.stats.bytes).toBe(SUM);
  expect(readdirSync(folder)).toHaveLength(REQUESTS.length);
});
