import { expect, test } from 'vitest';
import { isPastHalf, lifeOf } from './role-life.ts';

const DAY = 86_400;

test.each([
  ['root', 365],
  ['targets', 365],
  ['stable', 180],
  ['stable.1', 180],
  ['toString', 180],
  ['snapshot', 30],
  ['timestamp', 7],
])('what %s signs lives for %i days, and is renewed from the middle on', (role, days) => {
  expect(lifeOf(role)).toBe(days * DAY);
  const expires = 1_800_000_000;
  const middle = expires - (days * DAY) / 2;
  expect(isPastHalf(role, expires, middle)).toBe(false);
  expect(isPastHalf(role, expires, middle + 1)).toBe(true);
});
