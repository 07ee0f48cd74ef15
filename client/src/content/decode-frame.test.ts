import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';
import { memberBlobs, type SingleMember } from '@swupd/manifests';
import { compressFrame, type Digest, parseRepoPath } from '@swupd/shared';
import { closeDeltaWorkers, encodeDelta } from '@swupd/shared/delta';
import { hashContent } from '@swupd/shared/io';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { REAL_DISK } from '../disk/index.ts';
import { noise } from '../repository/test-server.ts';
import { codeOf } from '../test-support.ts';
import { decodeFrame } from './decode-frame.ts';
import type { DecodeTask } from './decode-task.ts';
import { frameTask, full, openPlaces, type TestPlaces } from './test-places.ts';
import { workerExecutor } from './worker-executor.ts';

let places: TestPlaces;
beforeEach(() => {
  places = openPlaces();
});
afterEach(() => places[Symbol.dispose]());
afterAll(() => closeDeltaWorkers());

const a = Buffer.from('the first file\n'.repeat(20));
const b = Buffer.from('the second file\n'.repeat(30));
const c = Buffer.alloc(0);
const d = noise(3_000_000);
const all = [a, b, c, d];
function blockHeader(length: number): Buffer {
  const header = Buffer.alloc(3);
  header.writeUIntLE((length << 3) | 1, 0, 3);
  return header;
}
const digests = all.map(hashContent);
const ABCD = { members: all.map(full), parts: all };

/** What became of the wanted blobs, by the position of each. */
async function decode(task: DecodeTask): Promise<{ decoded: number[]; failed: number[] }> {
  const result = await decodeFrame(REAL_DISK, task);
  const positions = (list: readonly Digest[]): number[] =>
    list
      .map((digest) => task.frame.members.flatMap(memberBlobs).findIndex((blob) => blob.digest === digest))
      .sort();
  expect(Object.keys(places.cached()).sort()).toEqual([...result.decoded].sort());
  for (const [name, bytes] of Object.entries(places.cached())) expect(hashContent(bytes)).toBe(name);
  return { decoded: positions(result.decoded), failed: positions(result.failed.map(({ digest }) => digest)) };
}

describe('the wanted members of a frame', () => {
  const subsets = [[], [0], [1], [2], [3], [0, 2], [1, 3], [0, 1, 2, 3]];
  describe.each([true, false])('compressed: %s', (compressed) => {
    test.each(subsets.map((subset) => [subset]))('%j', async (subset) => {
      const task = frameTask(places, { ...ABCD, compressed, offset: 1234 });
      const wanted = subset.map((i) => digests[i] as Digest);
      expect(await decode({ ...task, wanted })).toEqual({ decoded: subset, failed: [] });
    });
  });

  test('one that is not there', async () => {
    const task = frameTask(places, { members: [full(a)], parts: [a] });
    expect(await decode({ ...task, wanted: [digests[0] as Digest, digests[1] as Digest] })).toEqual({
      decoded: [0],
      failed: [-1],
    });
  });

  test('in another thread', async () => {
    const executor = workerExecutor(1);
    const { decoded } = await executor.decode(frameTask(places, ABCD));
    await executor.close();
    expect([...decoded].sort()).toEqual([...digests].sort());
  });

  test('what a cut has left under the name is no hindrance', async () => {
    writeFileSync(join(places.cache, `${digests[0]}.new`), 'torn');
    expect(await decode(frameTask(places, { members: [full(a)], parts: [a] }))).toEqual({
      decoded: [0],
      failed: [],
    });
  });
});

describe('a hostile frame costs its members and nothing else', () => {
  const wrong = Buffer.from(a.toString().toUpperCase());
  const sized = (bytes: Uint8Array, size: number): SingleMember => ({ ...full(bytes), size });
  type Row = [string, (task: DecodeTask) => DecodeTask, { decoded: number[]; failed: number[] }];
  const rows: Row[] = [
    [
      'a member with other bytes',
      (task) => ({
        ...task,
        frame: { ...task.frame, members: [full(wrong), full(b)] },
        wanted: [full(wrong), full(b)].map((m) => m.digest),
      }),
      { decoded: [1], failed: [0] },
    ],
    [
      'sizes that shift all that follows',
      (task) => ({ ...task, frame: { ...task.frame, members: [sized(a, a.length - 1), full(b)] } }),
      { decoded: [], failed: [0, 1] },
    ],
    [
      'a member larger than the frame',
      (task) => ({ ...task, frame: { ...task.frame, members: [sized(a, 1e15), full(b)] } }),
      { decoded: [], failed: [0, 1] },
    ],
    [
      'a frame that is smaller than announced',
      (task) => ({ ...task, frame: { ...task.frame, plainSize: task.frame.plainSize + 1 } }),
      { decoded: [], failed: [0, 1] },
    ],
    [
      'a frame that is larger than announced',
      (task) => ({ ...task, frame: { ...task.frame, plainSize: task.frame.plainSize - 1 } }),
      { decoded: [], failed: [0, 1] },
    ],
    [
      'a frame that is announced as huge',
      (task) => ({ ...task, frame: { ...task.frame, plainSize: 2 ** 42 } }),
      { decoded: [0, 1], failed: [] },
    ],
    [
      'stored bytes behind the end of the file',
      (task) => ({ ...task, offset: 1e9 }),
      { decoded: [], failed: [0, 1] },
    ],
    [
      'a frame that starts elsewhere',
      (task) => ({ ...task, offset: task.offset + 1 }),
      { decoded: [], failed: [0, 1] },
    ],
    [
      'a frame that ends elsewhere',
      (task) => ({ ...task, frame: { ...task.frame, storedSize: task.frame.storedSize - 1 } }),
      { decoded: [], failed: [0, 1] },
    ],
  ];
  test.each(rows)('%s', async (_, change, expected) => {
    expect(
      await decode(change(frameTask(places, { members: [full(a), full(b)], parts: [a, b], offset: 7 }))),
    ).toEqual(expected);
  });

  test.each([true, false])(
    'a truncated download gives what is whole (compressed: %s)',
    async (compressed) => {
      const task = frameTask(places, { ...ABCD, compressed });
      truncateSync(join(places.downloads, 'download'), task.frame.storedSize - 1000);
      const { decoded, failed } = await decode(task);
      expect([...decoded, ...failed].sort()).toEqual([0, 1, 2, 3]);
      expect(failed).toContain(3);
      if (!compressed) expect(decoded).toEqual([0, 1, 2]);
    },
  );

  test.each([
    ['garbage', noise(500)],
    ['another frame behind the first', Buffer.concat([compressFrame(a, 3), compressFrame(b, 3)])],
    ['a frame that unpacks to a thousand times as much', compressFrame(Buffer.alloc(50_000_000), 3)],
    // Magic, a header without content size, a window of 2^30 bytes, one raw block.
    [
      'a frame with a window of gigabytes',
      Buffer.concat([Buffer.from('28b52ffd00a0', 'hex'), blockHeader(a.length), a]),
    ],
  ])('%s', async (_, stored) => {
    writeFileSync(join(places.downloads, 'download'), stored);
    const frame = {
      storedSize: stored.length,
      plainSize: Math.max(a.length, stored.length + 1),
      members: [full(a)],
    };
    const task = { ...frameTask(places, ABCD), frame, wanted: [digests[0] as Digest] };
    writeFileSync(join(places.downloads, 'download'), stored);
    expect((await decodeFrame(REAL_DISK, task)).decoded).toEqual([]);
    expect(places.cached()).toEqual({});
  });

  test('an error of the disk is thrown as it is', async () => {
    const task = frameTask(places, ABCD);
    mkdirSync(join(places.cache, `${digests[1]}`));
    expect(await codeOf(() => decodeFrame(REAL_DISK, task))).toBe('EISDIR');
    expect(Object.keys(places.cached)).toEqual([]);
  });
});

describe('deltas', () => {
  const old = noise(400_000, 5);
  const target = Buffer.concat([old.subarray(0, 200_000), Buffer.from('changed'), old.subarray(200_000)]);
  const from = hashContent(old);
  const put = (path: string, bytes: Uint8Array): void => writeFileSync(join(places.root, path), bytes);

  async function deltaTask(
    paths: readonly string[],
    change: Partial<SingleMember> = {},
  ): Promise<DecodeTask> {
    const encoded = await encodeDelta(old, target, 3);
    if (encoded === undefined) throw new TypeError('no delta');
    const member = {
      kind: 'delta',
      digest: hashContent(target),
      size: target.length,
      from,
      length: encoded.container.length,
      ...change,
    } as SingleMember;
    const task = frameTask(places, { members: [full(a), member, full(b)], parts: [a, encoded.container, b] });
    return { ...task, deltaSources: [[from, paths.map(parseRepoPath)]] };
  }

  test('are applied to what the device has', async () => {
    put('old', old);
    expect(await decode(await deltaTask(['old']))).toEqual({ decoded: [0, 1, 2], failed: [] });
  });

  test('find their source wherever it still is', async () => {
    put('changed', Buffer.concat([old, a]));
    mkdirSync(join(places.root, 'directory'));
    put('right', old);
    symlinkSync('right', join(places.root, 'link'));
    expect(
      await decode(await deltaTask(['missing', 'directory/none', 'directory', 'changed', 'link', 'right'])),
    ).toEqual({ decoded: [0, 1, 2], failed: [] });
  });

  test.each<[string, string[]]>([
    ['missing', ['missing']],
    ['changed', ['changed']],
    ['behind a link', ['link']],
    ['not known', []],
  ])('of which the source is %s fail by themselves', async (_, paths) => {
    put('changed', Buffer.from(old).fill(0, 5, 6));
    writeFileSync(join(places.downloads, '..', 'outside'), old);
    symlinkSync('../outside', join(places.root, 'link'));
    expect(await decode(await deltaTask(paths))).toEqual({ decoded: [0, 2], failed: [1] });
  });

  test('of which the source can not be read fail by themselves', async () => {
    // Reading a process' memory from its beginning is an EIO, as reading a bad sector is.
    const task = await deltaTask(['mem']);
    expect(await decode({ ...task, places: { ...task.places, root: '/proc/self' } })).toEqual({
      decoded: [0, 2],
      failed: [1],
    });
  });

  test.each<[string, Partial<SingleMember>]>([
    ['announce another size', { size: target.length + 1 }],
    ['announce another digest', { digest: from }],
    ['are larger than what they make', { size: 10 }],
  ])('that %s fail by themselves', async (_, change) => {
    put('old', old);
    expect(await decode(await deltaTask(['old'], change))).toEqual({ decoded: [0, 2], failed: [1] });
  });

  test('that are garbage fail by themselves', async () => {
    put('old', old);
    const garbage = noise(1000, 9);
    const member: SingleMember = {
      kind: 'delta',
      digest: hashContent(target),
      size: target.length,
      from,
      length: 1000,
    };
    const task = frameTask(places, { members: [full(a), member, full(b)], parts: [a, garbage, b] });
    expect(await decode({ ...task, deltaSources: [[from, [parseRepoPath('old')]]] })).toEqual({
      decoded: [0, 2],
      failed: [1],
    });
  });
});

describe('a large frame', () => {
  const MIB = 1024 * 1024;
  const parts = [1, 2, 3].map((seed) => Buffer.concat([noise(100_000, seed), Buffer.alloc(8 * MIB, seed)]));

  test('is streamed', async () => {
    const task = frameTask(places, { members: parts.map(full), parts });
    expect(task.frame.plainSize).toBeGreaterThan(16 * MIB);
    expect(await decode(task)).toEqual({ decoded: [0, 1, 2], failed: [] });
  });

  test('that is torn gives what is whole', async () => {
    const task = frameTask(places, { members: parts.map(full), parts });
    truncateSync(join(places.downloads, 'download'), task.frame.storedSize - 50);
    const { decoded, failed } = await decode(task);
    expect([...decoded, ...failed].sort()).toEqual([0, 1, 2]);
    expect(failed).toContain(2);
  });

  test('takes no memory for its size', () => {
    const member = Buffer.alloc(32 * MIB, 7);
    const plain = Buffer.concat(
      Array.from({ length: 6 }, (_, i) => Buffer.concat([Buffer.from([i]), member])),
    );
    const stored = zstdCompressSync(plain, { params: { [constants.ZSTD_c_windowLog]: 20 } });
    writeFileSync(join(places.downloads, 'download'), stored);
    const members = Array.from({ length: 6 }, (_, i) => full(Buffer.concat([Buffer.from([i]), member])));
    const { root, downloads, cache } = places;
    const task: DecodeTask = {
      places: { root, downloads, cache },
      file: 'download',
      offset: 0,
      frame: { storedSize: stored.length, plainSize: plain.length, members },
      wanted: members.map(({ digest }) => digest),
      deltaSources: [],
    };
    const script = `
      const { decodeFrame } = await import(${JSON.stringify(new URL('./decode-frame.ts', import.meta.url).href)});
      const { REAL_DISK } = await import(${JSON.stringify(new URL('../disk/index.ts', import.meta.url).href)});
      const before = process.resourceUsage().maxRSS;
      const { decoded } = await decodeFrame(REAL_DISK, ${JSON.stringify(task)});
      console.log(JSON.stringify([decoded.length, process.resourceUsage().maxRSS - before]));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const [decoded, kibibytes] = JSON.parse(stdout) as [number, number];
    expect(decoded).toBe(6);
    expect(kibibytes).toBeLessThan(64 * 1024);
  });
});
