import type { MomBundle } from '@swupd/manifests';
import type { BundleName, Digest } from '@swupd/shared';
import { expect, test } from 'vitest';
import { chooseHeads } from './choose-heads.ts';
import { chooseSources } from './choose-sources.ts';
import { COSTS } from './costs.ts';
import type { NeededBlob } from './plan.ts';
import type { BundleSources, SourceInput } from './source.ts';

const hex = (number: number): Digest => number.toString(16).padStart(64, '0') as Digest;
const PACK = hex(0xffff);

interface Case {
  /** Bytes that each blob of the bundle takes in the repository. */
  readonly stored: readonly number[];
  /** The needed ones among them. */
  readonly needed: readonly number[];
  readonly size: number;
  /** Version that the pack starts from, and that is installed; the device has blobs 1000, 1001, … of it. */
  readonly from?: number;
  /** How many of those it has no more. */
  readonly lost?: number;
  readonly begun?: number;
  readonly spent?: string;
}

function looked({ stored, needed, size, from = 0, lost = 0, begun, spent }: Case): number[] {
  const blobs = stored.map(
    (storedSize, i): NeededBlob => ({ digest: hex(i), size: storedSize * 3, storedSize }),
  );
  const old = Array.from({ length: 10 }, (_, i) => hex(1000 + i));
  const bundle: BundleSources = {
    bundle: { name: 'b' as BundleName, packs: [{ from, digest: PACK, size }] } as unknown as MomBundle,
    blobs: new Map(blobs.map((blob) => [blob.digest, blob.storedSize])),
    installed: from === 0 ? undefined : { version: from, blobs: new Set(old) },
  };
  const input: SourceInput = {
    needed: needed.flatMap((i) => blobs[i] ?? []),
    bundles: [bundle],
    local: new Map(old.slice(lost).map((digest) => [digest, []])),
    deltas: [],
    layouts: new Map(),
    begun: new Map(begun === undefined ? [] : [[PACK, begun]]),
    spent: new Set(spent === undefined ? [] : [spent]),
  };
  const { bundles, local } = input;
  const asked = new Set<Digest>();
  return chooseHeads(chooseSources(input), { bundles, local, asked, spent: input.spent }).map(
    ({ guess }) => guess,
  );
}

const MIB = 1024 * 1024;
const many = (count: number, stored: number): number[] => Array.from({ length: count }, () => stored);
const first = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const zeroHead = (blobs: number): number => COSTS.headBase + COSTS.zeroHeadEntry * blobs;
const head = (blobs: number): number => COSTS.headBase + COSTS.headEntry * blobs;

const rows: [string, Case, number[]][] = [
  ['all of it is needed', { stored: many(100, 20_000), needed: first(100), size: 1_500_000 }, []],
  ['nothing is needed', { stored: many(100, 20_000), needed: [], size: 1_500_000 }, []],
  [
    'half of an update',
    { stored: many(100, 20_000), needed: first(50), size: 300_000, from: 10 },
    [head(100)],
  ],
  ['a little of a small update', { stored: many(10, 2_000), needed: first(5), size: 3_000, from: 10 }, []],
  [
    'a large file that a pack has smaller',
    { stored: [30 * MIB, ...many(100, 20_000)], needed: [0], size: 29 * MIB },
    [zeroHead(101)],
  ],
  [
    'a large file that a pack has no smaller',
    { stored: [30 * MIB, ...many(100, 20_000)], needed: [0], size: 33 * MIB },
    [],
  ],
  [
    'a few small files of a zero pack: its frames are large',
    { stored: many(1000, 50_000), needed: first(20), size: 40_000_000 },
    [],
  ],
  [
    'all small files of a pack that has also a large one',
    { stored: [30 * MIB, ...many(300, 20_000)], needed: first(301).slice(1), size: 31 * MIB },
    [zeroHead(301)],
  ],
  [
    'all of an update, but edited files are what it starts from',
    { stored: many(100, 20_000), needed: first(100), size: 300_000, from: 10, lost: 2 },
    [head(100)],
  ],
  [
    'the same, of a small update',
    { stored: many(100, 20_000), needed: first(100), size: 30_000, from: 10, lost: 2 },
    [],
  ],
  [
    'half of an update that an earlier run has brought nearly to its end',
    { stored: many(100, 20_000), needed: first(50), size: 300_000, from: 10, begun: 299_000 },
    [],
  ],
  [
    'what has failed',
    { stored: many(100, 20_000), needed: first(50), size: 300_000, from: 10, spent: `pack:${PACK}` },
    [],
  ],
];
test.each(rows)('%s', (_, input, expected) => expect(looked(input)).toEqual(expected));

test('no head is longer than its pack', () => {
  expect(looked({ stored: many(30_000, 40), needed: first(15_000), size: 40_000 })).toEqual([]);
  expect(looked({ stored: many(100, 900_000), needed: first(50), size: 1_000, from: 10 })).toEqual([]);
});
