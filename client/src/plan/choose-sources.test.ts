import type { LooseDelta, MomBundle } from '@swupd/manifests';
import type { BundleName, Digest } from '@swupd/shared';
import { parseRepoPath } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { chooseSources } from './choose-sources.ts';
import type { NeededBlob } from './plan.ts';
import type { BundleSources, SourceInput } from './source.ts';

const digest = (letter: string): Digest => letter.repeat(64).slice(0, 64) as Digest;

/** Blob `letter` of `size` bytes, as large in the repository. */
const blob = (letter: string, storedSize: number): NeededBlob => ({
  digest: digest(letter),
  size: storedSize * 2,
  storedSize,
});
const a = blob('a', 10_000);
const b = blob('b', 20_000);
const c = blob('c', 30_000);

function bundle(
  name: string,
  blobs: readonly NeededBlob[],
  packs: readonly (readonly [from: number, letter: string, size: number])[],
  installed?: { version: number; blobs: readonly NeededBlob[] },
): BundleSources {
  const line = {
    name: name as BundleName,
    version: 30,
    packs: packs.map(([from, letter, size]) => ({ from, digest: digest(letter), size })),
  } as unknown as MomBundle;
  const stored = (list: readonly NeededBlob[]): Map<Digest, number> =>
    new Map(list.map((one) => [one.digest, one.storedSize]));
  const setOf = (list: readonly NeededBlob[]): Set<Digest> => new Set(list.map((one) => one.digest));
  return {
    bundle: line,
    blobs: stored(blobs),
    installed:
      installed === undefined ? undefined : { version: installed.version, blobs: setOf(installed.blobs) },
  };
}

const delta = (from: string, to: NeededBlob, storedSize: number): LooseDelta => ({
  from: digest(from),
  to: to.digest,
  length: storedSize,
  storedSize,
});

function choose(input: Partial<SourceInput>): { ids: string[]; missing: number; cost: [number, number] } {
  const choice = chooseSources({
    needed: [a, b, c],
    bundles: [],
    local: new Map(),
    deltas: [],
    layouts: new Map(),
    begun: new Map(),
    spent: new Set(),
    ...input,
  });
  const ids = choice.sources.map((source) => {
    const brings = 'blobs' in source ? source.blobs : [source.blob];
    return `${source.kind} ${brings.map((one) => one.digest[0]).join('')}`;
  });
  return { ids, missing: choice.missing.length, cost: [choice.downloadBytes, choice.requests] };
}

const local = (blobs: readonly NeededBlob[], ...paths: string[]): SourceInput['local'] =>
  new Map(blobs.map((one) => [one.digest, paths.map(parseRepoPath)]));

describe('the cheapest sources', () => {
  const rows: [string, Partial<SourceInput>, string[], [number, number]][] = [
    ['nothing needed', { needed: [] }, [], [0, 0]],
    ['one by one', {}, ['fullfile a', 'fullfile b', 'fullfile c'], [60_000, 3]],
    ['what the device has', { local: local([a, b, c], 'x') }, ['copy a', 'copy b', 'copy c'], [0, 0]],
    [
      'a copy before a pack',
      { local: local([a], 'x'), bundles: [bundle('p', [a, b, c], [[0, 'p', 100]])] },
      ['copy a', 'pack bc'],
      [100, 1],
    ],
    [
      'no pack where all is there',
      { local: local([a, b, c], 'x'), bundles: [bundle('p', [a, b, c], [[0, 'p', 1]])] },
      ['copy a', 'copy b', 'copy c'],
      [0, 0],
    ],
    [
      'a pack that costs less',
      { bundles: [bundle('p', [a, b, c], [[0, 'p', 50_000]])] },
      ['pack abc'],
      [50_000, 1],
    ],
    [
      'a pack that costs as much, but saves requests',
      { bundles: [bundle('p', [a, b, c], [[0, 'p', 60_000]])] },
      ['pack abc'],
      [60_000, 1],
    ],
    [
      'a pack that costs more',
      { bundles: [bundle('p', [a, b, c], [[0, 'p', 70_000]])] },
      ['fullfile a', 'fullfile b', 'fullfile c'],
      [60_000, 3],
    ],
    [
      'a pack of which too little is needed',
      { needed: [a], bundles: [bundle('p', [a, b, c], [[0, 'p', 50_000]])] },
      ['fullfile a'],
      [10_000, 1],
    ],
    [
      'a pack for some of it',
      { bundles: [bundle('p', [a, b], [[0, 'p', 20_000]])] },
      ['pack ab', 'fullfile c'],
      [50_000, 2],
    ],
    [
      'a pack from the installed version before a zero pack',
      {
        bundles: [
          bundle(
            'p',
            [a, b, c],
            [
              [0, 'z', 50_000],
              [20, 'p', 5_000],
            ],
            { version: 20, blobs: [] },
          ),
        ],
      },
      ['pack abc'],
      [5_000, 1],
    ],
    [
      'a pack from another version is of no use',
      { bundles: [bundle('p', [a, b, c], [[10, 'p', 5_000]], { version: 20, blobs: [] })] },
      ['fullfile a', 'fullfile b', 'fullfile c'],
      [60_000, 3],
    ],
    [
      'a pack from a version of a bundle that is not installed is of no use',
      { bundles: [bundle('p', [a, b, c], [[20, 'p', 5_000]])] },
      ['fullfile a', 'fullfile b', 'fullfile c'],
      [60_000, 3],
    ],
    [
      'a pack has no blob that the version before had',
      { bundles: [bundle('p', [a, b, c], [[20, 'p', 5_000]], { version: 20, blobs: [c] })] },
      ['pack ab', 'fullfile c'],
      [35_000, 2],
    ],
    [
      'a zero pack has them',
      {
        needed: [c],
        bundles: [
          bundle(
            'p',
            [a, b, c],
            [
              [0, 'z', 25_000],
              [20, 'p', 5_000],
            ],
            { version: 20, blobs: [c] },
          ),
        ],
      },
      ['pack c'],
      [25_000, 1],
    ],
    [
      'two bundles, each blob once',
      { bundles: [bundle('p', [a, b], [[0, 'p', 1_000]]), bundle('q', [b, c], [[0, 'q', 1_000]])] },
      ['pack ab', 'pack c'],
      [2_000, 2],
    ],
    [
      'loose deltas',
      { deltas: [delta('1', a, 500), delta('2', b, 600)] },
      ['delta a', 'delta b', 'fullfile c'],
      [31_100, 3],
    ],
    [
      'the smallest delta',
      { deltas: [delta('1', a, 500), delta('2', a, 400), delta('3', a, 700)] },
      ['delta a', 'fullfile b', 'fullfile c'],
      [50_400, 3],
    ],
    [
      'a delta that is no smaller',
      { deltas: [delta('1', a, 10_000)] },
      ['fullfile a', 'fullfile b', 'fullfile c'],
      [60_000, 3],
    ],
    [
      'deltas for blobs that nobody needs',
      { deltas: [delta('1', blob('f', 1), 1)] },
      ['fullfile a', 'fullfile b', 'fullfile c'],
      [60_000, 3],
    ],
    [
      'deltas make a pack needless',
      {
        needed: [a, b],
        deltas: [delta('1', a, 100), delta('2', b, 100)],
        bundles: [bundle('p', [a, b], [[0, 'p', 15_000]])],
      },
      ['delta a', 'delta b'],
      [200, 2],
    ],
  ];
  test.each(rows)('%s', (_, input, ids, cost) => {
    expect(choose(input)).toEqual({ ids, cost, missing: 0 });
  });
});

describe('packs of which something is known', () => {
  const packs = [bundle('p', [a, b, c], [[0, 'p', 50_100]])];
  /** Three frames behind a head of 100 bytes. */
  const layout = (...frames: readonly (readonly [NeededBlob, stored: number])[]): SourceInput['layouts'] =>
    new Map([
      [
        digest('p'),
        {
          headSize: 100,
          frames: frames.map(([one, storedSize]) => ({
            storedSize,
            plainSize: one.size,
            members: [{ kind: 'full' as const, filter: 'none' as const, digest: one.digest, size: one.size }],
          })),
        },
      ],
    ]);
  const known = layout([a, 5_000], [b, 15_000], [c, 30_000]);
  const begun = (bytes: number): SourceInput['begun'] => new Map([[digest('p'), bytes]]);
  const rows: [string, Partial<SourceInput>, string[], [number, number]][] = [
    ['ranges of what is needed', { needed: [a], layouts: known }, ['ranges a'], [5_000, 1]],
    ['two ranges', { needed: [a, c], layouts: known }, ['ranges ac'], [35_000, 2]],
    ['one range for all of it', { layouts: known }, ['ranges abc'], [50_000, 1]],
    [
      'one range, and what is cheaper by itself',
      { layouts: layout([a, 15_000], [b, 25_000], [c, 9_000]) },
      ['ranges c', 'fullfile a', 'fullfile b'],
      [39_000, 3],
    ],
    ['a pack that is nearly there', { needed: [a], begun: begun(50_000) }, ['pack a'], [100, 1]],
    ['a pack that is there', { needed: [a], begun: begun(50_100) }, ['pack a'], [0, 0]],
    [
      'a pack that is there, before ranges',
      { needed: [a], layouts: known, begun: begun(50_100) },
      ['pack a'],
      [0, 0],
    ],
    [
      'what is longer than the pack is none of it',
      { needed: [a], begun: begun(50_101) },
      ['fullfile a'],
      [10_000, 1],
    ],
    [
      'ranges that have failed',
      { layouts: known, spent: new Set([`ranges:${digest('p')}`]) },
      ['pack abc'],
      [50_100, 1],
    ],
    [
      'a pack that has failed',
      { layouts: known, spent: new Set([`pack:${digest('p')}`]) },
      ['fullfile a', 'fullfile b', 'fullfile c'],
      [60_000, 3],
    ],
  ];
  test.each(rows)('%s', (_, input, ids, cost) => {
    expect(choose({ bundles: packs, ...input })).toEqual({ ids, cost, missing: 0 });
  });

  test('an update for most, and ranges of a zero pack for what it does not bring', () => {
    const both = bundle(
      'p',
      [a, b, c],
      [
        [0, 'p', 50_100],
        [20, 'u', 900],
      ],
      { version: 20, blobs: [c] },
    );
    expect(choose({ bundles: [both], layouts: layout([a, 5_000], [b, 15_000], [c, 20_000]) })).toEqual({
      ids: ['pack ab', 'ranges c'],
      cost: [20_900, 2],
      missing: 0,
    });
  });
});

describe('what is spent is not chosen again', () => {
  const packs = [bundle('p', [a, b, c], [[0, 'f', 100]])];
  const rows: [string, Partial<SourceInput>, string[], string[], number][] = [
    ['a copy', { local: local([a], 'x') }, ['copy:x'], ['fullfile a', 'fullfile b', 'fullfile c'], 0],
    [
      'one of two copies',
      { local: local([a], 'x', 'y') },
      ['copy:x'],
      ['copy a', 'fullfile b', 'fullfile c'],
      0,
    ],
    ['a pack', { bundles: packs }, [`pack:${digest('f')}`], ['fullfile a', 'fullfile b', 'fullfile c'], 0],
    [
      'a delta',
      { deltas: [delta('1', a, 5)] },
      [`delta:${digest('1')}-${a.digest}`],
      ['fullfile a', 'fullfile b', 'fullfile c'],
      0,
    ],
    ['a fullfile', {}, [`blob:${a.digest}`], ['fullfile b', 'fullfile c'], 1],
    [
      'a fullfile, so that a pack is worth any price',
      { bundles: [bundle('p', [a], [[0, 'f', 1e9]])] },
      [`blob:${a.digest}`],
      ['pack a', 'fullfile b', 'fullfile c'],
      0,
    ],
    [
      'everything',
      { bundles: packs },
      [`pack:${digest('f')}`, ...[a, b, c].map((one) => `blob:${one.digest}`)],
      [],
      3,
    ],
  ];
  test.each(rows)('%s', (_, input, spent, ids, missing) => {
    expect(choose({ ...input, spent: new Set(spent) })).toMatchObject({ ids, missing });
  });
});

test('of two packs without an alternative the smaller one is taken', () => {
  const bundles = [
    bundle(
      'p',
      [a],
      [
        [0, 'e', 2e9],
        [20, 'f', 1e9],
      ],
      { version: 20, blobs: [] },
    ),
  ];
  expect(choose({ needed: [a], bundles, spent: new Set([`blob:${a.digest}`]) }).cost).toEqual([1e9, 1]);
});
