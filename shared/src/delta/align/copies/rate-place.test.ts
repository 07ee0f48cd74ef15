import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../byte-string.ts';
import { ratePlace } from './rate-place.ts';

describe('ratePlace', () => {
  const rows: [string, string, string, number, number, number][] = [
    ['what agrees', 'abcdefgh', 'abcdefgh', 0, -100, 8],
    ['nothing for what the present diagonal explains as well', 'abcdefghabcdefgh', 'abcdefgh', 8, 0, 0],
    ['on over a byte that differs', 'abcdefgh', 'abcdXfgh', 0, -100, 5.5],
    ['not beyond the best', 'abcdefghijklm', 'abcdXXXXXXXXX', 0, -100, 4],
    ['what agrees before the source ends', 'abcd', 'abcdefgh', 0, -100, 4],
  ];
  it.each(rows)('counts %s', (_, source, target, place, present, rating) => {
    expect(ratePlace(bytesOf(source), bytesOf(target), { at: 0, place, present }, 1.5)).toBe(rating);
  });
});
