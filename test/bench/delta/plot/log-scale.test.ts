import { expect, test } from 'vitest';
import { logScale } from './log-scale.ts';

test.each<[readonly number[], readonly number[]]>([
  [
    [1.5, 30],
    [1, 2, 5, 10, 20, 50],
  ],
  [
    [0.012, 0.04],
    [0.01, 0.02, 0.05],
  ],
  [
    [1, 100],
    [1, 2, 5, 10, 20, 50, 100],
  ],
  [[5], [5, 10]],
  [
    [0.3, 0.3],
    [0.2, 0.5],
  ],
])('the axis of %j has the ticks %j', (values, ticks) => {
  const scale = logScale(values, [0, 100]);
  expect(scale.ticks.map((tick) => Number(tick.toPrecision(6)))).toEqual(ticks);
});

test('equal factors are equally far apart, from the start to the end', () => {
  const scale = logScale([1, 100], [200, 0]);
  expect([1, 10, 100].map((value) => scale.at(value))).toEqual([200, 100, 0]);
  expect(scale.at(20) - scale.at(10)).toBeCloseTo(scale.at(2) - scale.at(1));
});
