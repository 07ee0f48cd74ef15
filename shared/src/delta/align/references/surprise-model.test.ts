import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RangeDecoder } from '../coding/range-decoder.ts';
import { RangeEncoder } from '../coding/range-encoder.ts';
import { SurpriseModel } from './surprise-model.ts';

interface Surprise {
  readonly kind: number;
  readonly expected: number;
  readonly actual: number;
}

function writeSurprises(list: readonly Surprise[]): Uint8Array {
  const encoder = new RangeEncoder();
  const model = new SurpriseModel(encoder, 3);
  for (const { kind, expected, actual } of list) {
    model.code(kind, expected, actual);
    model.remember(kind, actual);
  }
  return encoder.finish();
}

function readSurprises(stream: Uint8Array, list: readonly Surprise[]): number[] {
  const model = new SurpriseModel(new RangeDecoder(stream), 3);
  return list.map(({ kind, expected }) => {
    const address = model.code(kind, expected, 0);
    model.remember(kind, address);
    return address;
  });
}

describe('SurpriseModel', () => {
  it('gives addresses back, whatever was expected', () => {
    const address = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    const surprise = fc.record({ kind: fc.nat({ max: 2 }), expected: address, actual: address });
    fc.assert(
      fc.property(fc.array(surprise, { maxLength: 100 }), (list) => {
        expect(readSurprises(writeSurprises(list), list)).toEqual(list.map(({ actual }) => actual));
      }),
    );
  });

  it('needs little for an address near to one of the last, wherever it was expected', () => {
    const near = (index: number) => ({
      kind: 1,
      expected: Math.imul(index, 0x9e3779b1),
      actual: 5000 + 16 * index,
    });
    const far = (index: number) => ({ kind: 1, expected: 0, actual: Math.imul(index, 0x9e3779b1) });
    const indices = Array.from({ length: 500 }, (_, index) => index);
    expect(3 * writeSurprises(indices.map(near)).length).toBeLessThan(
      writeSurprises(indices.map(far)).length,
    );
  });
});
