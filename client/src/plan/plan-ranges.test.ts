import type { PackFrame, PackMember } from '@swupd/manifests';
import type { Digest } from '@swupd/shared';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COSTS } from './costs.ts';
import type { PackLayout } from './pack-layout.ts';
import { planRanges, type RangeInput, type RangePlan } from './plan-ranges.ts';

const digest = (letter: string): Digest => letter.repeat(64).slice(0, 64) as Digest;
const full = (letter: string, size = 1): PackMember => ({
  kind: 'full',
  filter: 'none',
  digest: digest(letter),
  size,
});
const delta = (letter: string, from: string, length = 1): PackMember => ({
  kind: 'delta',
  digest: digest(letter),
  size: 10 * length,
  from: digest(from),
  length,
});

/** A compressed frame of `storedSize` bytes with a member for each letter. */
const packed = (letters: string, storedSize: number): PackFrame => ({
  storedSize,
  plainSize: 2 * storedSize,
  members: [...letters].map((letter) => full(letter, (2 * storedSize) / letters.length)),
});
const stored = (...members: readonly PackMember[]): PackFrame => {
  const size = members.reduce((sum, one) => sum + (one.kind === 'full' ? one.size : one.length), 0);
  return { storedSize: size, plainSize: size, members };
};

const HEAD = 100;
const REQUEST = COSTS.request;

interface Case {
  readonly wanted: string;
  readonly loose?: number;
  readonly has?: string;
}

function plan(frames: readonly PackFrame[], { wanted, loose = 1e6, has = '' }: Case): RangePlan {
  const input: RangeInput = {
    wanted: [...wanted].map((letter) => ({ digest: digest(letter), size: 1, storedSize: 1 })),
    has: (one) => [...has].some((letter) => digest(letter) === one),
    looseCost: () => loose,
  };
  return planRanges({ headSize: HEAD, frames }, input);
}

/** `offset+length letters` of each range, counted from the first frame. */
function shown({ ranges }: RangePlan): string[] {
  return ranges.map(({ offset, length, parts }) => {
    const letters = parts.flatMap((part) => part.wanted.map((one) => one[0]));
    return `${offset - HEAD}+${length} ${letters.join('')}`;
  });
}

describe('ranges of a pack', () => {
  const four = ['a', 'b', 'c', 'd'].map((letter) => packed(letter, 10_000));
  const gap = (size: number): PackFrame[] => [packed('a', 5_000), packed('x', size), packed('b', 5_000)];
  const rows: [string, readonly PackFrame[], Case, string[]][] = [
    ['nothing wanted', four, { wanted: '' }, []],
    ['what is not in it', four, { wanted: 'z' }, []],
    ['one frame', four, { wanted: 'c' }, ['20000+10000 c']],
    ['neighbours together', four, { wanted: 'bc' }, ['10000+20000 bc']],
    ['all', four, { wanted: 'abcd' }, ['0+40000 abcd']],
    ['not over a large gap', four, { wanted: 'ad' }, ['0+10000 a', '30000+10000 d']],
    ['a gap smaller than a request', gap(REQUEST - 1), { wanted: 'ab' }, [`0+${10_000 + REQUEST - 1} ab`]],
    ['a gap that costs as much', gap(REQUEST), { wanted: 'ab' }, [`0+${10_000 + REQUEST} ab`]],
    [
      'a gap that costs more',
      gap(REQUEST + 1),
      { wanted: 'ab' },
      ['0+5000 a', `${5_000 + REQUEST + 1}+5000 b`],
    ],
    ['what is cheaper by itself', four, { wanted: 'ac', loose: 10_000 }, []],
    ['as dear by itself, but together', four, { wanted: 'ab', loose: 11_100 }, ['0+20000 ab']],
    ['no other way', four, { wanted: 'ad', loose: Number.POSITIVE_INFINITY }, ['0+10000 a', '30000+10000 d']],
    ['a frame of several, for one of them', [packed('abcd', 9_000)], { wanted: 'c' }, ['0+9000 c']],
    [
      'members of a frame that is stored as it is',
      [stored(full('a', 4_000), full('b', 50_000), full('c', 4_000))],
      { wanted: 'ac' },
      ['0+4000 a', '54000+4000 c'],
    ],
    [
      'a delta of which the device has the old blob, and one of which it has not',
      [stored(delta('a', '1', 3_000), delta('b', '2', 3_000))],
      { wanted: 'ab', has: '2' },
      ['3000+3000 b'],
    ],
    ['a frame without bytes', [stored(full('a', 0)), packed('b', 9)], { wanted: 'ab' }, ['0+9 b']],
    ['a blob that is there twice', [packed('a', 9), packed('a', 9)], { wanted: 'a' }, ['0+9 a']],
    [
      'a joint, whatever of it is wanted',
      [
        stored(
          {
            kind: 'joint',
            targets: ['a', 'b'].map((one) => ({ digest: digest(one), size: 9 })),
            sources: ['1', '2'].map((one) => ({ digest: digest(one), size: 9 })),
            length: 500,
          },
          full('c', 700),
        ),
      ],
      { wanted: 'b', has: '12' },
      ['0+500 b'],
    ],
  ];
  test.each(rows)('%s', (_, frames, wanted, expected) => {
    expect(shown(plan(frames, wanted))).toEqual(expected);
  });

  test('parts lie in their range, and decode by themselves', () => {
    const frames = [packed('x', 50), stored(full('a', 30), full('y', 20), full('b', 40)), packed('c', 60)];
    const { ranges, blobs } = plan(frames, { wanted: 'abc' });
    expect(ranges).toEqual([
      {
        offset: HEAD + 50,
        length: 150,
        parts: [
          { offset: 0, frame: stored(full('a', 30)), wanted: [digest('a')] },
          { offset: 50, frame: stored(full('b', 40)), wanted: [digest('b')] },
          { offset: 90, frame: packed('c', 60), wanted: [digest('c')] },
        ],
      },
    ]);
    expect(blobs.map((blob) => blob.digest)).toEqual(['a', 'b', 'c'].map(digest));
  });

  test('an index of very many frames: linear, and never more ranges than wanted blobs', () => {
    const frames = Array.from({ length: 300_000 }, (_, i) =>
      packed(i % 100_000 === 0 ? ('abc'[i / 100_000] ?? 'x') : 'x', 3_000),
    );
    expect(plan(frames, { wanted: 'abc', loose: Number.POSITIVE_INFINITY }).ranges).toHaveLength(3);
  });
});

/** The least cost of all ways to take some of the frames, and the gaps between them where that is cheaper. */
function leastCost(layout: PackLayout, wanted: ReadonlySet<Digest>, loose: (one: Digest) => number): number {
  const { frames } = layout;
  let least = Number.POSITIVE_INFINITY;
  for (let taken = 0; taken < 2 ** frames.length; taken++) {
    let cost = 0;
    frames.forEach((frame, i) => {
      const isTaken = (taken >> i) & 1;
      const [first] = frame.members;
      if (isTaken) cost += frame.storedSize + (i > 0 && (taken >> (i - 1)) & 1 ? 0 : REQUEST);
      else if (first?.kind === 'full' && wanted.has(first.digest)) cost += loose(first.digest);
    });
    least = Math.min(least, cost);
  }
  return least;
}

test('no choice of frames is cheaper', () => {
  const frame = fc.record({
    size: fc.integer({ min: 1, max: 4 * REQUEST }),
    loose: fc.oneof(fc.integer({ min: REQUEST, max: 6 * REQUEST }), fc.constant(Number.POSITIVE_INFINITY)),
    wanted: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 9 }), (rows) => {
      const letters = 'abcdefghi';
      const frames = rows.map(({ size }, i) => packed(letters[i] ?? '', size));
      const layout = { headSize: HEAD, frames };
      const costs = new Map(rows.map(({ loose }, i) => [digest(letters[i] ?? ''), loose]));
      const needed = rows.flatMap(({ wanted }, i) => (wanted ? [digest(letters[i] ?? '')] : []));
      const looseCost = (one: Digest): number => costs.get(one) ?? 0;
      const { ranges, blobs } = planRanges(layout, {
        wanted: needed.map((one) => ({ digest: one, size: 1, storedSize: 1 })),
        has: () => true,
        looseCost,
      });
      const brought = new Set(blobs.map((blob) => blob.digest));
      const found =
        ranges.reduce((sum, { length }) => sum + length + REQUEST, 0) +
        needed.filter((one) => !brought.has(one)).reduce((sum, one) => sum + looseCost(one), 0);
      expect(found).toBe(leastCost(layout, new Set(needed), looseCost));
      expect(ranges.length).toBeLessThanOrEqual(needed.length);
    }),
    { numRuns: 300 },
  );
});
