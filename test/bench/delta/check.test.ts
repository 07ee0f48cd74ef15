import { expect, test } from 'vitest';
import { type Check, formatMark, formatValue, type Verdict, verdictOf } from './check.ts';

const RATIO: Check = { figure: 'ELF', measured: 0, unit: 'ratio', bar: 0.58, goal: 0.45 };
const RATE: Check = { figure: 'rate', measured: 0, unit: 'MB/s', bar: 150, rising: true };

test.each<[Check, number, Verdict]>([
  [RATIO, 0.45, 'goal'],
  [RATIO, 0.451, 'pass'],
  [RATIO, 0.58, 'pass'],
  [RATIO, 0.581, 'FAIL'],
  [RATIO, Number.NaN, 'FAIL'],
  [RATE, 149, 'FAIL'],
  [RATE, 150, 'pass'],
  [RATE, 1000, 'pass'],
])('%o measured at %d: %s', (check, measured, verdict) => {
  expect(verdictOf({ ...check, measured })).toBe(verdict);
});

test('marks say from which side they are reached', () => {
  expect(formatMark(RATIO, 0.58)).toBe('≤ 0.580');
  expect(formatMark(RATE, 150)).toBe('≥ 150 MB/s');
  expect(formatValue(0.955, '%')).toBe('0.95 %');
});
