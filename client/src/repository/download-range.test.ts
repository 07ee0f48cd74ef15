import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diskDownloads } from '../content/disk-downloads.ts';
import { REAL_DISK } from '../disk/index.ts';
import { downloadAll } from './download-all.ts';
import { downloadFile } from './download-file.ts';
import { fetchPart } from './fetch-bytes.ts';
import type { DownloadRequest } from './part-file.ts';
import type { RepositoryOptions } from './repository.ts';
import {
  type Answerer,
  type Asked,
  answerObject,
  answerStatus,
  noise,
  openTestSource,
  startServer,
} from './test-server.ts';

const OBJECT = noise(1_000_000);
const [OFFSET, LENGTH] = [300_000, 200_000];
const PART = OBJECT.subarray(OFFSET, OFFSET + LENGTH);
const REQUEST: DownloadRequest = {
  name: 'packs/x',
  size: LENGTH,
  range: { offset: OFFSET, objectSize: OBJECT.length },
  file: 'x',
};
const WANTED = `bytes=${OFFSET}-${OFFSET + LENGTH - 1}`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'range-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(answer: Answerer, options: Partial<RepositoryOptions> = {}) {
  await using server = await startServer(answer);
  await using source = openTestSource(server.url, options);
  const files = diskDownloads(REAL_DISK.openRoot(folder));
  const error: unknown = await downloadFile(source, REQUEST, { files }).catch((caught: unknown) => caught);
  const ranges = server.requests.map(({ headers }) => headers.range);
  return { error, ranges, stats: { ...source.stats } };
}

const honest: Answerer = (response, asked) => answerObject(response, asked, OBJECT);

/** The first `count` bytes of what is asked for, and then nothing. */
function cut(response: ServerResponse, { headers }: Asked, count: number): void {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
  const [start, end] = [Number(first), Number(last)];
  response.writeHead(206, {
    etag: '"one"',
    'content-length': end + 1 - start,
    'content-range': `bytes ${start}-${end}/${OBJECT.length}`,
  });
  response.write(OBJECT.subarray(start, start + count), () => response.socket?.destroy());
}

/** A part with this head, whatever is asked for. */
const lie =
  (contentRange: string, body: Buffer = PART): Answerer =>
  (response) => {
    response.writeHead(206, { 'content-range': contentRange, 'content-length': body.length });
    response.end(body);
  };

function expectComplete(): void {
  expect(readdirSync(folder)).toEqual(['x']);
  expect(readFileSync(join(folder, 'x')).equals(PART)).toBe(true);
}

describe('a part of an object', () => {
  test('comes with one request, and no byte besides', async () => {
    const { error, ranges, stats } = await run(honest);
    expect(error).toBeUndefined();
    expectComplete();
    expect([ranges, stats]).toEqual([[WANTED], { requests: 1, bytes: LENGTH }]);
  });

  test('that is there costs no request', async () => {
    writeFileSync(join(folder, 'x'), PART);
    expect((await run(honest)).stats.requests).toBe(0);
  });

  test('goes on where it stopped, within a run', async () => {
    const { error, ranges, stats } = await run((response, asked) => {
      if (asked.index === 0) cut(response, asked, 150_000);
      else honest(response, asked);
    });
    expect(error).toBeUndefined();
    expectComplete();
    expect(ranges).toEqual([WANTED, `bytes=${OFFSET + 150_000}-${OFFSET + LENGTH - 1}`]);
    expect(stats.bytes).toBe(LENGTH);
  });

  test('and across runs', async () => {
    const first = await run((response, asked) => cut(response, asked, 150_000), { maxRetries: 0 });
    expect(first.error).toMatchObject({ code: 'server-unreachable' });
    const second = await run(honest);
    expectComplete();
    expect(second.ranges).toEqual([`bytes=${OFFSET + 150_000}-${OFFSET + LENGTH - 1}`]);
    expect(first.stats.bytes + second.stats.bytes).toBe(LENGTH);
  });

  test('comes anew where the object has another tag by now', async () => {
    writeFileSync(join(folder, 'x.part'), noise(150_000, 2));
    writeFileSync(join(folder, 'x.part.etag'), '"old"');
    const { error, ranges } = await run(honest);
    expect(error).toBeUndefined();
    expectComplete();
    expect(ranges).toEqual([`bytes=${OFFSET + 150_000}-${OFFSET + LENGTH - 1}`, WANTED]);
  });
});

describe('a server that gives something else', () => {
  const rows: [string, string, Answerer][] = [
    [
      'the whole',
      'range-refused',
      (response, asked) => answerObject(response, { ...asked, headers: {} }, OBJECT),
    ],
    ['another part', 'range-refused', lie(`bytes 0-${LENGTH - 1}/${OBJECT.length}`)],
    [
      'a longer part',
      'range-refused',
      lie(`bytes ${OFFSET}-999999/${OBJECT.length}`, OBJECT.subarray(OFFSET)),
    ],
    [
      'a shorter part',
      'range-refused',
      lie(`bytes ${OFFSET}-${OFFSET + 8}/${OBJECT.length}`, PART.subarray(0, 9)),
    ],
    [
      'another length than it says',
      'range-refused',
      lie(WANTED.replace('bytes=', 'bytes ').concat('/*'), OBJECT),
    ],
    ['a part without saying which', 'range-refused', lie('')],
    ['a part of a shorter object', 'truncated', lie(`bytes ${OFFSET}-${OFFSET + LENGTH - 1}/999999`)],
    ['a part of a longer object', 'body-too-long', lie(`bytes ${OFFSET}-${OFFSET + LENGTH - 1}/1000001`)],
    ['that there is no such part (416)', 'truncated', (response) => answerStatus(response, 416)],
    ['nothing (404)', 'not-found', (response) => answerStatus(response, 404)],
  ];
  test.each(rows)('%s: once, and no byte of it is kept', async (_, code, answer) => {
    const { error, stats } = await run(answer);
    expect(error).toMatchObject({ code, exit: 17 });
    expect(stats.requests).toBe(1);
    // What is small is read to its end, to keep the connection.
    expect(stats.bytes).toBeLessThan(100_000);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('more bytes than it says, without a length', async () => {
    const { error } = await run((response) => {
      response.writeHead(206, { 'content-range': `bytes ${OFFSET}-${OFFSET + LENGTH - 1}/${OBJECT.length}` });
      response.end(OBJECT);
    });
    expect(error).toMatchObject({ code: 'body-too-long' });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('several parts', () => {
  const REQUESTS = Array.from({ length: 40 }, (_, i): DownloadRequest => {
    const range = { offset: i * 10_000, objectSize: OBJECT.length };
    return { name: 'packs/x', size: 5_000, range, file: `x-${i}` };
  });
  const all = async (answer: Answerer, requests = REQUESTS) => {
    await using server = await startServer(answer);
    await using source = openTestSource(server.url);
    const files = diskDownloads(REAL_DISK.openRoot(folder));
    const results = await downloadAll(source, requests, { files, parallel: 2 });
    return { results, connections: server.connections, requests: server.requests.length };
  };

  test('come over kept connections', async () => {
    const { results, connections } = await all(honest);
    expect(results.every(({ outcome }) => outcome === 'ok')).toBe(true);
    REQUESTS.forEach(({ range, file, size }) => {
      const begin = range?.offset ?? 0;
      expect(readFileSync(join(folder, file)).equals(OBJECT.subarray(begin, begin + size))).toBe(true);
    });
    expect(connections).toBeLessThanOrEqual(2);
  });

  test('are not asked for any more when one is refused; whole objects are', async () => {
    const whole: DownloadRequest = { name: 'packs/x', size: OBJECT.length, file: 'whole' };
    const ignoring: Answerer = (response, asked) => answerObject(response, { ...asked, headers: {} }, OBJECT);
    const { results, requests } = await all(ignoring, [...REQUESTS, whole]);
    expect(requests).toBeLessThanOrEqual(3);
    expect(results.slice(0, -1)).toMatchObject(
      REQUESTS.map(() => ({ outcome: 'failed', error: { code: 'range-refused' } })),
    );
    expect(results.at(-1)).toMatchObject({ outcome: 'ok' });
  });
});

describe('a part in memory', () => {
  const get = async (answer: Answerer) => {
    await using server = await startServer(answer);
    await using source = openTestSource(server.url);
    return await fetchPart(source, 'packs/x', { offset: 0, length: 700, objectSize: OBJECT.length });
  };

  test('is just that', async () => {
    expect((await get(honest)).equals(OBJECT.subarray(0, 700))).toBe(true);
  });

  test.each([
    ['range-refused', lie(`bytes 0-699/${OBJECT.length}`, OBJECT.subarray(0, 699))],
    ['truncated', lie('bytes 0-699/700', OBJECT.subarray(0, 700))],
    ['range-refused', (response: ServerResponse) => void response.end(OBJECT)],
  ])('%s', async (code, answer) => {
    await expect(get(answer)).rejects.toMatchObject({ code });
  });
});
