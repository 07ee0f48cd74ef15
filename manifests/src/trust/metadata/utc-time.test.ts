import { expect, test } from 'vitest';
import { formatTime, parseTime } from './utc-time.ts';

test.each([
  [0, '1970-01-01T00:00:00Z'],
  [1_767_225_600, '2026-01-01T00:00:00Z'],
  [1_709_164_800, '2024-02-29T00:00:00Z'],
  [253_402_300_799, '9999-12-31T23:59:59Z'],
])('%d', (seconds, text) => {
  expect(formatTime(seconds)).toBe(text);
  expect(parseTime(text)).toBe(seconds);
});

test.each([
  undefined,
  null,
  0,
  '',
  'never',
  '2026-01-01',
  '2026-01-01T00:00:00',
  '2026-01-01T00:00:00.000Z',
  '2026-01-01T00:00:00+00:00',
  '2026-01-01 00:00:00Z',
  '2026-1-1T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '2026-01-01T24:00:00Z',
  '2026-01-01T00:00:60Z',
  '+010000-01-01T00:00:00Z',
  ' 2026-01-01T00:00:00Z',
  '2026-01-01T00:00:00Z\n',
])('%j is no time, and never "never"', (value) => {
  expect(parseTime(value)).toBeUndefined();
});
