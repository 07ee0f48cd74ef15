import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planStops } from './plan-stops.ts';

type Stop = Parameters<typeof planStops>[0][number];
const stop = (version: number, fields: Partial<Stop> = {}): Stop => ({
  version,
  minFrom: undefined,
  barrier: false,
  ...fields,
});

test.each<[string, readonly Stop[], number, number, readonly number[] | undefined]>([
  ['at once', [stop(20), stop(30)], 10, 30, [30]],
  ['an older build than the newest', [stop(20), stop(30)], 10, 20, [20]],
  ['over a barrier', [stop(20, { barrier: true }), stop(30)], 10, 30, [20, 30]],
  ['to a barrier', [stop(20, { barrier: true })], 10, 20, [20]],
  ['from a barrier', [stop(20, { barrier: true }), stop(30)], 20, 30, [30]],
  [
    'over two barriers',
    [stop(20, { barrier: true }), stop(30, { barrier: true }), stop(40)],
    0,
    40,
    [20, 30, 40],
  ],
  ['through what it can be entered from', [stop(20), stop(30, { minFrom: 20 })], 10, 30, [20, 30]],
  ['as late as can be', [stop(20), stop(25), stop(30, { minFrom: 20 })], 10, 30, [25, 30]],
  ['just entered', [stop(30, { minFrom: 20 })], 20, 30, [30]],
  [
    'a barrier that can be entered later',
    [stop(15), stop(20, { barrier: true, minFrom: 15 }), stop(30)],
    10,
    30,
    [15, 20, 30],
  ],
  ['no way in', [stop(30, { minFrom: 20 })], 19, 30, undefined],
  ['no way past a barrier', [stop(20, { barrier: true, minFrom: 15 }), stop(30)], 10, 30, undefined],
  ['not offered', [stop(20)], 10, 30, undefined],
  ['nothing offered', [], 10, 30, undefined],
  ['in any order', [stop(30), stop(20, { barrier: true })], 10, 30, [20, 30]],
  ['nothing behind the goal counts', [stop(20), stop(30, { barrier: true })], 10, 20, [20]],
  ['nothing before the start counts', [stop(5, { barrier: true }), stop(20)], 10, 20, [20]],
])('%s', (_, offers, from, to, expected) => {
  expect(planStops(offers, from, to)).toEqual(expected);
});

const offers = fc.uniqueArray(
  fc.record({
    version: fc.integer({ min: 1, max: 12 }),
    minFrom: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
    barrier: fc.boolean(),
  }),
  { selector: ({ version }) => version, maxLength: 7 },
);

test('as few as can be, by trying all ways', () => {
  fc.assert(
    fc.property(offers, fc.nat(6), fc.nat(12), (all, from, to) => {
      const ways = allWays(all, from, to);
      const found = planStops(all, from, to);
      if (found === undefined) expect(ways).toEqual([]);
      else {
        expect(ways).toContainEqual(found);
        expect(found.length).toBe(Math.min(...ways.map((way) => way.length)));
      }
    }),
    { numRuns: 2000, seed: 3 },
  );
});

/** By the rules only: no barrier is left out, and nothing entered from below its `minFrom`. */
function allWays(all: readonly Stop[], from: number, to: number): number[][] {
  const steps = all.filter(
    ({ version, minFrom = 0 }) =>
      version > from &&
      version <= to &&
      minFrom <= from &&
      !all.some((other) => other.barrier && other.version > from && other.version < version),
  );
  return steps.flatMap(({ version }) =>
    version === to ? [[to]] : allWays(all, version, to).map((way) => [version, ...way]),
  );
}
