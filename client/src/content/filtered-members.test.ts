import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { SingleMember } from '@swupd/manifests';
import { filterX86 } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { REAL_DISK } from '../disk/index.ts';
import { decodeFrame } from './decode-frame.ts';
import { frameTask, full, openPlaces, type TestPlaces } from './test-places.ts';

let places: TestPlaces;
beforeEach(() => {
  places = openPlaces();
});
afterEach(() => {
  places[Symbol.dispose]();
});

const text = Buffer.from('some text\n'.repeat(100));
const small = readFileSync('/bin/ls');
const filtered = (bytes: Uint8Array): SingleMember => ({
  kind: 'full',
  filter: 'x86',
  digest: hashContent(bytes),
  size: bytes.length,
});
const stored = (bytes: Uint8Array): Uint8Array => {
  const result = filterX86(bytes);
  if (result === undefined) throw new TypeError('it can not be filtered');
  return result;
};

test.each([
  ['compressed', true],
  ['as they are', false],
])('programs and text in one frame, stored %s', async (_, compressed) => {
  const members = [filtered(small), full(text), filtered(small.subarray(0, 100_000))];
  const parts = [stored(small), text, stored(small.subarray(0, 100_000))];
  const { decoded, failed } = await decodeFrame(
    REAL_DISK,
    frameTask(places, { members, parts, compressed, offset: 77 }),
  );
  expect(failed).toEqual([]);
  expect(decoded).toEqual(members.map(({ digest }) => digest));
  for (const [name, bytes] of Object.entries(places.cached())) expect(hashContent(bytes)).toBe(name);
});

test('a large program is streamed', async () => {
  const node = readFileSync(process.execPath);
  const task = frameTask(places, { members: [filtered(node), full(text)], parts: [stored(node), text] });
  expect((await decodeFrame(REAL_DISK, task)).failed).toEqual([]);
  expect(places.cached()[hashContent(node)]?.equals(node)).toBe(true);
});

test('what is skipped need not be unfiltered', async () => {
  const task = frameTask(places, { members: [filtered(small), full(text)], parts: [stored(small), text] });
  expect(await decodeFrame(REAL_DISK, { ...task, wanted: [hashContent(text)] })).toEqual({
    decoded: [hashContent(text)],
    failed: [],
  });
});

test.each<[string, SingleMember, Uint8Array]>([
  ['text that is said to be filtered', filtered(text), text],
  ['half a header', filtered(small.subarray(0, 40)), small.subarray(0, 40)],
  ['a program that is said to be filtered and is not', filtered(small), small],
  ['a filtered program that is said not to be', full(small), stored(small)],
])('%s fails by itself', async (_, member, part) => {
  const other = Buffer.from('what comes behind it');
  const task = frameTask(places, { members: [member, full(other)], parts: [part, other] });
  const { decoded, failed } = await decodeFrame(REAL_DISK, task);
  expect(decoded).toEqual([hashContent(other)]);
  expect(failed.map(({ digest }) => digest)).toEqual([member.digest]);
  expect(Object.keys(places.cached())).toEqual([hashContent(other)]);
});

test('a frame that ends within a program', async () => {
  const task = frameTask(places, { members: [filtered(small)], parts: [stored(small)], compressed: false });
  truncateSync(join(places.downloads, 'download'), small.length >> 1);
  const { decoded, failed } = await decodeFrame(REAL_DISK, task);
  expect([decoded, failed.length, places.cached()]).toEqual([[], 1, {}]);
});
