import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashContent } from '@swupd/shared/io';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diskDownloads } from '../content/disk-downloads.ts';
import { REAL_DISK } from '../disk/index.ts';
import { downloadFile } from './download-file.ts';
import type { AppendFile } from './download-files.ts';
import type { DownloadRequest } from './part-file.ts';
import type { RepositoryOptions } from './repository.ts';
import {
  type Answerer,
  answerObject,
  answerStatus,
  breakAfter,
  noise,
  openTestSource,
  startServer,
} from './test-server.ts';

const BYTES = noise(1_000_000);
const LONG = noise(8_000_000);
const REQUEST: DownloadRequest = {
  name: 'packs/x',
  size: BYTES.length,
  digest: hashContent(BYTES),
  file: 'x',
};
const { digest: _, ...UNVERIFIED } = REQUEST;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'download-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** One run of a client against one server. */
async function run(answer: Answerer, request = REQUEST, options: Partial<RepositoryOptions> = {}) {
  await using server = await startServer(answer);
  await using source = openTestSource(server.url, options);
  const positions: number[] = [];
  const error: unknown = await downloadFile(source, request, {
    files: diskDownloads(REAL_DISK.openRoot(folder)),
    onBytes: (there) => positions.push(there),
  }).catch((caught: unknown) => caught);
  const ranges = server.requests.map(({ headers }) => headers.range);
  const ifRanges = server.requests.map(({ headers }) => headers['if-range']);
  return { error, ranges, ifRanges, positions, stats: { ...source.stats } };
}

const honest: Answerer = (response, asked) => answerObject(response, asked, BYTES);
const contentOf = (name: string): Buffer => readFileSync(join(folder, name));
const leave = (name: string, content: Buffer | string): void => writeFileSync(join(folder, name), content);

function expectComplete(): void {
  expect(readdirSync(folder)).toEqual(['x']);
  expect(contentOf('x').equals(BYTES)).toBe(true);
}

describe('without disturbance', () => {
  test.each([REQUEST, UNVERIFIED])('one request, exact bytes', async (request) => {
    const { error, stats, positions } = await run(honest, request);
    expect(error).toBeUndefined();
    expectComplete();
    expect(stats).toEqual({ requests: 1, bytes: BYTES.length });
    expect(positions.at(-1)).toBe(BYTES.length);
  });

  test('what is complete costs no request', async () => {
    leave('x', BYTES);
    const { stats, positions } = await run(honest);
    expect(stats.requests).toBe(0);
    expect(positions).toEqual([BYTES.length]);
  });

  test('what has the size but not the digest is fetched', async () => {
    leave('x', noise(BYTES.length, 2));
    expect((await run(honest)).stats.requests).toBe(1);
    expectComplete();
  });

  test('an empty file costs no request', async () => {
    const { stats } = await run(honest, {
      name: 'e',
      size: 0,
      digest: hashContent(Buffer.alloc(0)),
      file: 'e',
    });
    expect(stats.requests).toBe(0);
    expect(contentOf('e')).toHaveLength(0);
  });
});

describe('resume', () => {
  test('within a run: no byte is sent twice', async () => {
    const breaks = [100_000, 1, 300_000];
    const { error, ranges, ifRanges, stats } = await run((response, asked) => {
      const count = breaks[asked.index];
      if (count === undefined) answerObject(response, asked, BYTES);
      else breakAfter(count, response, asked, BYTES);
    });
    expect(error).toBeUndefined();
    expectComplete();
    expect(ranges).toEqual([undefined, 'bytes=100000-', 'bytes=100001-', 'bytes=400001-']);
    expect(ifRanges).toEqual([undefined, '"one"', '"one"', '"one"']);
    expect(stats).toEqual({ requests: 4, bytes: BYTES.length });
  });

  test.each([REQUEST, UNVERIFIED])('across runs: the second takes only the rest', async (request) => {
    const first = await run((response, asked) => breakAfter(400_000, response, asked, BYTES), request, {
      maxRetries: 0,
    });
    expect(first.error).toMatchObject({ code: 'server-unreachable' });
    expect(readdirSync(folder)).toEqual(['x.part', 'x.part.etag']);
    const second = await run(honest, request);
    expect(second.error).toBeUndefined();
    expectComplete();
    expect(second.ranges).toEqual(['bytes=400000-']);
    expect(first.stats.bytes + second.stats.bytes).toBe(BYTES.length);
  });

  test('an object that changed between the runs comes from its start', async () => {
    leave('x.part', noise(400_000, 2));
    leave('x.part.etag', '"old"');
    const { stats, ranges } = await run(honest, UNVERIFIED);
    expect(ranges).toEqual(['bytes=400000-']);
    expect(stats).toEqual({ requests: 1, bytes: BYTES.length });
    expectComplete();
  });

  test('without a tag the digest decides', async () => {
    leave('x.part', BYTES.subarray(0, 999_000));
    const { ranges, ifRanges, stats } = await run(honest);
    expect([ranges, ifRanges]).toEqual([['bytes=999000-'], [undefined]]);
    expect(stats.bytes).toBe(1000);
    expectComplete();
  });

  test('without a tag and without a digest it starts over', async () => {
    leave('x.part', BYTES.subarray(0, 999_000));
    expect((await run(honest, UNVERIFIED)).ranges).toEqual([undefined]);
    expectComplete();
  });

  test('foreign bytes under the right tag: once more from the start', async () => {
    leave('x.part', noise(400_000, 2));
    leave('x.part.etag', '"one"');
    const { error, ranges } = await run(honest);
    expect(error).toBeUndefined();
    expect(ranges).toEqual(['bytes=400000-', undefined]);
    expectComplete();
  });

  test('a part longer than the file, or with a torn tag, starts over', async () => {
    leave('x.part', noise(BYTES.length + 1, 2));
    leave('x.part.etag', 'torn\r\n"');
    expect((await run(honest)).ranges).toEqual([undefined]);
    expectComplete();
  });

  test('a complete part needs no request', async () => {
    leave('x.part', BYTES);
    expect((await run(honest)).stats.requests).toBe(0);
    expectComplete();
  });

  test('many breaks that bring something each are no failure', async () => {
    const { error, stats } = await run(
      (response, asked) => {
        if (asked.index < 3) breakAfter(300_000, response, asked, BYTES);
        else answerObject(response, asked, BYTES);
      },
      REQUEST,
      { maxRetries: 1 },
    );
    expect(error).toBeUndefined();
    expect(stats.bytes).toBe(BYTES.length);
  });

  test('breaks that bring nothing end it, and what is there stays', async () => {
    const { error, stats } = await run((response, asked) => breakAfter(10, response, asked, BYTES));
    expect(error).toMatchObject({ code: 'server-unreachable', exit: 16 });
    expect(stats).toEqual({ requests: 4, bytes: 40 });
    expect(contentOf('x.part')).toHaveLength(40);
  });
});

describe('servers that misbehave', () => {
  test('one that ignores ranges', async () => {
    const { error, stats } = await run((response, asked) => {
      if (asked.index === 0) breakAfter(400_000, response, asked, BYTES);
      else answerObject(response, { ...asked, headers: {} }, BYTES);
    });
    expect(error).toBeUndefined();
    expect(stats).toEqual({ requests: 2, bytes: 1_400_000 });
    expectComplete();
  });

  test('one that gives another part than asked for', async () => {
    const { error, ranges } = await run((response, asked) => {
      if (asked.index === 0) return breakAfter(400_000, response, asked, BYTES);
      if (asked.headers.range === undefined) return answerObject(response, asked, BYTES);
      response.writeHead(206, { 'content-range': `bytes 5-${BYTES.length - 1}/${BYTES.length}` });
      response.end(BYTES.subarray(5));
    });
    expect(error).toBeUndefined();
    expect(ranges).toEqual([undefined, 'bytes=400000-', undefined]);
    expectComplete();
  });

  test('one whose object is shorter than the part (416)', async () => {
    leave('x.part', noise(400_000, 2));
    const { error, ranges } = await run((response, asked) => {
      if (asked.headers.range === undefined) answerObject(response, asked, BYTES);
      else answerStatus(response, 416, { 'content-range': 'bytes */300000' });
    });
    expect(error).toBeUndefined();
    expect(ranges).toEqual(['bytes=400000-', undefined]);
    expectComplete();
  });

  test('an object that is another: no retry, nothing is left', async () => {
    const { error, stats } = await run((response, asked) =>
      answerObject(response, asked, noise(BYTES.length, 2)),
    );
    expect(error).toMatchObject({ code: 'digest-mismatch', exit: 17 });
    expect(stats.requests).toBe(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('an endless body: never more than the size is written', async () => {
    const { error, positions } = await run((response) => {
      response.writeHead(200);
      const pour = (): void => {
        while (!response.destroyed && response.write(BYTES));
      };
      response.on('drain', pour);
      pour();
    });
    expect(error).toMatchObject({ code: 'body-too-long' });
    expect(Math.max(...positions)).toBeLessThanOrEqual(BYTES.length);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('an object that is another one each time: it stops after a few times its size', async () => {
    // Each attempt comes a little further, so that no count of failures in a row would ever be full.
    const { error, stats } = await run(
      (response, asked) =>
        breakAfter(
          250_000 + 270_000 * asked.index,
          response,
          { ...asked, headers: {} },
          LONG,
          `"${asked.index}"`,
        ),
      { ...UNVERIFIED, size: LONG.length },
    );
    expect(error).toMatchObject({ code: 'body-too-long', details: { lost: expect.any(Number) } });
    expect(stats.bytes).toBeLessThan(6 * LONG.length);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('an object that is too short, and says so: no retry, no byte of it', async () => {
    const { error, stats } = await run((response, asked) =>
      answerObject(response, { ...asked, headers: {} }, BYTES.subarray(0, 999)),
    );
    expect(error).toMatchObject({ code: 'truncated', exit: 17, details: { length: 999 } });
    expect(stats).toMatchObject({ requests: 1 });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('an object that is too short, and does not say so', async () => {
    const { error, stats } = await run((response) => {
      response.writeHead(200);
      response.end(BYTES.subarray(0, 999));
    });
    expect(error).toMatchObject({ code: 'body-too-short', details: { length: 999 } });
    expect(stats.requests).toBeGreaterThan(1);
  });

  test('an object that is too long, and says so', async () => {
    const { error, stats } = await run((response, asked) =>
      answerObject(response, { ...asked, headers: {} }, noise(BYTES.length + 1)),
    );
    expect(error).toMatchObject({ code: 'body-too-long' });
    expect(stats.requests).toBe(1);
  });
});

test('a disk that is full surfaces as it is', async () => {
  await using server = await startServer(honest);
  await using source = openTestSource(server.url);
  const files = diskDownloads(REAL_DISK.openRoot(folder));
  const error: unknown = await downloadFile(source, REQUEST, {
    files: { ...files, append: openFullDevice },
  }).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'ENOSPC' });
  expect(server.requests).toHaveLength(1);
});

/** A device on which every write fails with ENOSPC. */
async function openFullDevice(): Promise<AppendFile> {
  const handle = await open('/dev/full', 'w');
  return {
    write: async (bytes) => void (await handle.write(bytes)),
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}
