import { expect, test } from 'vitest';
import { parseSize } from './parse-options.ts';

const MIB = 2 ** 20;

test.each([
  ['1073741824', 1024 * MIB],
  ['1048576K', 1024 * MIB],
  ['1500M', 1500 * MIB],
  ['4G', 4096 * MIB],
  ['2T', 2 * 2 ** 40],
])('%s is a size', (text, expected) => {
  expect(parseSize('--memory', text, { min: 1024 * MIB })).toBe(expected);
});

test.each(['', '0', 'G', '4g', '4 G', '4GB', '1.5G', '-1G', '1023M', '1e12', '9999999999999999T'])(
  '%j is none',
  (text) => {
    expect(() => parseSize('--memory', text, { min: 1024 * MIB })).toThrow(
      expect.objectContaining({ code: 'bad-option', exit: 2 }),
    );
  },
);
