import type { Digest } from '@swupd/shared';
import { expect, test } from 'vitest';
import { timeChecks } from './time-checks.ts';
import type { TimedDelta } from './timed-pairs.ts';

const SIZE = 100_000_000;
const FILE = { path: '/node', size: SIZE, digest: 'node' as Digest };
const PAIR = { name: 'node', from: FILE, to: FILE, class: 'ELF', kind: 'program' } as const;

function timed(method: string, { share = 0.01, seconds = 1, memory = 1e9, rate = 2e8 } = {}): TimedDelta {
  const decode = { seconds: 1, processor: seconds / 10, memory: memory / 10 };
  return {
    pair: PAIR,
    method,
    bytes: share * SIZE,
    encode: { seconds: 1, processor: seconds, memory },
    decode,
    rate,
  };
}

function measured(...all: TimedDelta[]): Record<string, number> {
  const checks = timeChecks({ bare: 40e6, timed: all });
  return Object.fromEntries(checks.map((check) => [check.figure, check.measured]));
}

test('times are summed up, memory is that of the most demanding pair', () => {
  const found = measured(
    timed('bsdiff', { seconds: 60 }),
    timed('bsdiff', { seconds: 20, memory: 5e8 }),
    timed('ours', { seconds: 15, memory: 6e8 }),
    timed('ours', { seconds: 5, memory: 8e8 }),
    timed('align', { seconds: 1000, memory: 9e9 }),
  );
  expect(found['encoding time against bsdiff']).toBe(0.25);
  expect(found['peak memory of encoding against bsdiff']).toBe(0.8);
  expect(found['decoding time against bspatch']).toBe(0.25);
  expect(found['decoding memory above a bare process']).toBe(40);
});

test.each([
  [0.019, 300],
  [0.021, 150],
])('a delta of %d of the new file has to decode at %d MB/s', (share, bar) => {
  const checks = timeChecks({ bare: 0, timed: [timed('bsdiff'), timed('ours', { share })] });
  const rate = checks.find(({ figure }) => figure === 'decoding rate of node');
  expect(rate).toMatchObject({ bar, measured: 200, rising: true });
});

test('without a pair that both have made there is nothing to compare', () => {
  expect(timeChecks({ bare: 0, timed: [timed('ours')] })).toEqual([]);
});
