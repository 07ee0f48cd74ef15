import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blobsOf, type PackMember, packHeadSize, parseManifest, parsePackHead } from '@swupd/manifests';
import { type Digest, LIMITS, type RepoPath } from '@swupd/shared';
import { closeDeltaWorkers, encodeDelta } from '@swupd/shared/delta';
import { hashContent } from '@swupd/shared/io';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { REAL_DISK } from '../disk/index.ts';
import { noise } from '../repository/test-server.ts';
import { decodeFrame } from './decode-frame.ts';
import type { DecodeTask } from './decode-task.ts';
import { frameTask, full, openPlaces, type TestPlaces } from './test-places.ts';

type Joint = PackMember & { readonly kind: 'joint' };

let places: TestPlaces;
beforeEach(() => {
  places = openPlaces();
});
afterEach(() => places[Symbol.dispose]());
afterAll(() => closeDeltaWorkers());

const page = (name: 'one' | 'two' | '0' | '1' | '2'): Buffer =>
  noise(1000, ['one', 'two', '0', '1', '2'].indexOf(name));
const OLD = [page('one'), page('two')];
const NEW = [
  Buffer.concat([page('one').subarray(50), page('0')]),
  Buffer.concat([page('one'), page('1')]),
  Buffer.concat([page('two'), page('2')]),
];
const BEFORE = Buffer.from('what stands before\n');
const BEHIND = Buffer.from('what stands behind\n');
const blob = (bytes: Uint8Array) => ({ digest: hashContent(bytes), size: bytes.length });

/** A frame with the joint delta between two other members; the sources lie in the root as `0` and `1`. */
async function jointTask(change: Partial<Joint> = {}): Promise<DecodeTask> {
  const encoded = await encodeDelta(Buffer.concat(OLD), Buffer.concat(NEW), 3);
  if (encoded === undefined) throw new TypeError('no delta');
  for (const [index, bytes] of OLD.entries()) writeFileSync(join(places.root, String(index)), bytes);
  const { container } = encoded;
  const made: Joint = {
    kind: 'joint',
    targets: NEW.map(blob),
    sources: OLD.map(blob),
    length: container.length,
  };
  const members = [full(BEFORE), { ...made, ...change }, full(BEHIND)];
  const task = frameTask(places, { members, parts: [BEFORE, container, BEHIND], compressed: false });
  return {
    ...task,
    deltaSources: OLD.map((bytes, index) => [hashContent(bytes), [String(index) as RepoPath]]),
  };
}

const NAMES = new Map([...NEW, BEFORE, BEHIND].map((bytes, index) => [hashContent(bytes), '012<>'[index]]));

/** What became of the wanted blobs: the targets by their numbers, and `<` and `>` for what stands around them. */
async function decode(task: DecodeTask): Promise<{ decoded: string; failed: string }> {
  const { decoded, failed } = await decodeFrame(REAL_DISK, task);
  expect(Object.keys(places.cached()).sort()).toEqual([...decoded].sort());
  for (const [name, bytes] of Object.entries(places.cached())) expect(hashContent(bytes)).toBe(name);
  const namesOf = (list: readonly Digest[]): string =>
    list.map((digest) => NAMES.get(digest) ?? '?').join('');
  return { decoded: namesOf(decoded), failed: namesOf(failed.map(({ digest }) => digest)) };
}

test('a joint delta makes all its blobs', async () => {
  expect(await decode(await jointTask())).toEqual({ decoded: '<012>', failed: '' });
});

test.each(['0', '1', '2', '01', '02', '12', '<2', '1>'])('only %s of them is wanted', async (names) => {
  const wanted = [...NAMES].flatMap(([digest, name]) => (names.includes(name ?? '?') ? [digest] : []));
  expect(await decode({ ...(await jointTask()), wanted })).toEqual({ decoded: names, failed: '' });
});

test.each<[string, Uint8Array]>([
  ['changed', Buffer.from(page('two')).fill(0, 5, 6)],
  ['longer', Buffer.concat([page('two'), page('two')])],
  ['shorter', page('two').subarray(1)],
])('a source that is %s costs the device what is made together, and nothing else', async (_, bytes) => {
  const task = await jointTask();
  writeFileSync(join(places.root, '1'), bytes);
  expect(await decode(task)).toEqual({ decoded: '<>', failed: '012' });
});

test('a source is found wherever it still is', async () => {
  const task = await jointTask();
  writeFileSync(join(places.root, '1'), 'edited');
  writeFileSync(join(places.root, 'copy'), page('two'));
  const paths = ['none', '1', 'copy'] as RepoPath[];
  const deltaSources = task.deltaSources.map(([digest, known]) =>
    digest === hashContent(page('two')) ? ([digest, paths] as const) : ([digest, known] as const),
  );
  expect(await decode({ ...task, deltaSources })).toEqual({ decoded: '<012>', failed: '' });
});

describe('a hostile joint delta costs its blobs and nothing else', () => {
  const [first, second, third] = NEW.map(blob) as [
    Joint['targets'][0],
    Joint['targets'][0],
    Joint['targets'][0],
  ];
  const shifted = (by: number) => [first, { ...second, size: second.size + by }, third];
  const huge = { ...blob(page('one')), size: LIMITS.jointBytes };
  test.each<[string, Partial<Joint>, string]>([
    [
      'gives one blob other bytes',
      { targets: [first, { ...blob(BEFORE.subarray(1)), size: second.size }, third] },
      '<02>',
    ],
    [
      'gives too few bytes for the last',
      { targets: [first, second, { ...third, size: third.size + 1 }] },
      '<>',
    ],
    ['gives too many', { targets: [first, second] }, '<>'],
    ['cuts at another place', { targets: shifted(1) }, '<>'],
    ['starts from other files', { sources: [...OLD].reverse().map(blob) }, '<>'],
    ['starts from fewer files', { sources: OLD.slice(0, 1).map(blob) }, '<>'],
    ['starts from more than a device should hold', { sources: [blob(page('two')), huge] }, '<>'],
    ['is larger than what it makes', { targets: [{ ...first, size: 5 }] }, '<>'],
  ])('that %s', async (_, change, decoded) => {
    const task = await jointTask(change);
    const result = await decode(task);
    expect(result.decoded).toBe(decoded);
    const wanted = task.wanted.length;
    expect(result.decoded.length + result.failed.length).toBe(wanted);
  });

  test('that is garbage', async () => {
    const task = await jointTask();
    const member = task.frame.members[1];
    const garbage = Buffer.alloc(200, 7);
    const other = frameTask(places, {
      members: [full(BEFORE), { ...(member as Joint), length: 200 }, full(BEHIND)],
      parts: [BEFORE, garbage, BEHIND],
      compressed: false,
    });
    expect(await decode({ ...other, deltaSources: task.deltaSources })).toEqual({
      decoded: '<>',
      failed: '012',
    });
  });
});

test('the golden pack with a joint delta', async () => {
  const vector = (name: string): Buffer =>
    readFileSync(new URL(`../../../manifests/spec/vectors/${name}`, import.meta.url));
  const pack = vector('pack-docs-10-20.bin');
  const head = pack.subarray(0, packHeadSize(pack));
  const blobs = {
    from: blobsOf(parseManifest(vector('manifest-docs-10.txt'))),
    to: blobsOf(parseManifest(vector('manifest-docs-20.txt'))),
  };
  const [frame] = parsePackHead(head, blobs).frames;
  const members = frame?.members ?? [];
  const sheet = (name: string, what: string): string =>
    `${name.toUpperCase()}\n\n    ${name} FILE\n\nThe command '${name}' ${what}.\n`;
  const olds = [sheet('edit', 'changes a file'), sheet('view', 'shows a file')].map((text) =>
    Buffer.from(text),
  );
  for (const [index, bytes] of olds.entries()) writeFileSync(join(places.root, String(index)), bytes);
  const task = frameTask(places, { members, parts: [pack.subarray(head.length)], compressed: false });
  const deltaSources = olds.map((bytes, index) => [hashContent(bytes), [String(index) as RepoPath]] as const);
  const { failed } = await decodeFrame(REAL_DISK, { ...task, deltaSources });
  expect(failed).toEqual([]);
  const view = Buffer.from(sheet('view', 'shows a file or a folder'));
  expect(places.cached()).toEqual(
    Object.fromEntries(
      [Buffer.concat([olds[0] as Buffer, view]), view].map((bytes) => [hashContent(bytes), bytes]),
    ),
  );
});
