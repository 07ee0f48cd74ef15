import { expect, test } from 'vitest';
import { notBefore } from './not-before.ts';
import { found } from './test-metadata.ts';

test.each([
  [undefined, 500, 500],
  [1000, 500, 1000],
  [1000, 1000, 1000],
  [1000, 1500, 1500],
])('after a timestamp of %s, the clock at %i makes it %i', (time, clock, expected) => {
  const { set, roles } = found();
  const timestamp = { bytes: Buffer.alloc(0), version: 1, expires: 2000, signed: {}, product: undefined };
  const snapshot = { version: 1, length: undefined, hashes: undefined };
  const state = { set: { ...set, timestamp: { ...timestamp, snapshot, time } }, roles };
  expect(notBefore(state, clock)).toBe(expected);
});
