import { expect, test } from 'vitest';
import { formatBytes, formatCount, formatDuration, formatRate, plural } from './format-figures.ts';

test.each([
  [formatBytes(0), '0 B'],
  [formatBytes(999), '999 B'],
  [formatBytes(11_400_000), '11.4 MB'],
  [formatRate(8_200_000, 1000), '8.2 MB/s'],
  [formatRate(100, 0), '0 B/s'],
  [formatDuration(0), '0.0 s'],
  [formatDuration(4230), '4.2 s'],
  [formatDuration(9960), '10 s'],
  [formatDuration(10_400), '10 s'],
  [formatDuration(59_400), '59 s'],
  [formatDuration(59_600), '1 min 0 s'],
  [formatDuration(72_000), '1 min 12 s'],
  [formatDuration(3_600_000), '60 min 0 s'],
  [formatCount(17_028), '17,028'],
  [plural(0, 'file'), '0 files'],
  [plural(1, 'file'), '1 file'],
  [plural(3000, 'file'), '3,000 files'],
])('%s', (text, expected) => {
  expect(text).toBe(expected);
});
