import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RangeDecoder } from '../coding/range-decoder.ts';
import { RangeEncoder } from '../coding/range-encoder.ts';
import { readCopies, writeCopies } from './copy-coder.ts';
import { CopyList } from './copy-list.ts';

const SIZES = { source: 5000, target: 100_000 };

function written(copies: CopyList): Uint8Array {
  const encoder = new RangeEncoder();
  writeCopies(encoder, copies);
  return encoder.finish();
}

describe('copies', () => {
  it('come back as they were', () => {
    const parts = fc.array(
      fc.record({
        gap: fc.nat({ max: 50 }),
        length: fc.integer({ min: 1, max: 300 }),
        source: fc.nat({ max: 4000 }),
      }),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(parts, (list) => {
        const copies = new CopyList();
        let at = 0;
        for (const { gap, length, source } of list) {
          copies.add(at + gap, source, length);
          at += gap + length;
        }
        const read = readCopies(new RangeDecoder(written(copies)), list.length, SIZES);
        for (const field of ['target', 'source', 'length'] as const)
          expect(read[field].subarray(0, read.count)).toEqual(copies[field].subarray(0, copies.count));
      }),
    );
  });

  it.each([
    ['behind the end of the source', 0, 4990, 20],
    ['behind the end of the target', 99_990, 0, 20],
    ['before the source', 0, -1, 20],
    ['nothing', 0, 0, 0],
  ])('are refused where one copies %s', (_, target, source, length) => {
    const copies = new CopyList();
    copies.add(target, source, length);
    expect(() => readCopies(new RangeDecoder(written(copies)), 1, SIZES)).toThrow(
      expect.objectContaining({ code: 'bad-delta' }),
    );
  });
});
