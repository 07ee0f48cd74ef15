import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitModels, ZEROS_MAX } from './bit-coder.ts';
import { NumberModel, SignedModel } from './number-model.ts';
import { RangeDecoder } from './range-decoder.ts';
import { RangeEncoder } from './range-encoder.ts';

describe('range coder', () => {
  it('gives back predicted and plain bits in their order', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ model: fc.nat({ max: 3 }), bit: fc.nat({ max: 1 }) }),
        fc.record({
          count: fc.integer({ min: 1, max: 32 }),
          value: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        }),
      ),
      { maxLength: 400 },
    );
    fc.assert(
      fc.property(steps, (list) => {
        const encoder = new RangeEncoder();
        const written = bitModels(4);
        for (const step of list) {
          if ('bit' in step) encoder.bit(written, step.model, step.bit);
          else encoder.direct(step.value, step.count);
        }
        const decoder = new RangeDecoder(encoder.finish());
        const read = bitModels(4);
        for (const step of list) {
          if ('bit' in step) expect(decoder.bit(read, step.model, 0)).toBe(step.bit);
          else expect(decoder.direct(0, step.count)).toBe(lower(step.value, step.count));
        }
        expect(decoder.overrun).toBe(false);
        expect(read).toEqual(written);
      }),
    );
  });

  it('carries through a run of 0xff', () => {
    const encoder = new RangeEncoder();
    const models = bitModels(1);
    const bits = Array.from({ length: 5000 }, (_, index) => (index % 701 === 700 ? 1 : 0));
    for (const bit of bits) encoder.bit(models, 0, bit);
    encoder.direct(0xffffffff, 32);
    const decoder = new RangeDecoder(encoder.finish());
    const read = bitModels(1);
    expect(bits.map(() => decoder.bit(read, 0, 0))).toEqual(bits);
    expect(decoder.direct(0, 32)).toBe(0xffffffff);
  });

  it('takes far less than a bit for what it can foresee', () => {
    const encoder = new RangeEncoder();
    const models = bitModels(1);
    for (let index = 0; index < 100_000; index += 1) encoder.bit(models, 0, 1);
    expect(encoder.finish().length).toBeLessThan(40);
  });

  it('says when it was asked for more than was written', () => {
    const decoder = new RangeDecoder(new Uint8Array(2));
    expect(decoder.overrun).toBe(false);
    for (let index = 0; index < 8 * (ZEROS_MAX + 4); index += 1) decoder.direct(0, 1);
    expect(decoder.overrun).toBe(true);
  });

  it('stays within its range for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const decoder = new RangeDecoder(bytes);
        const models = bitModels(2);
        for (let index = 0; index < 500; index += 1) {
          expect([0, 1]).toContain(decoder.bit(models, index & 1, 0));
          const value = decoder.direct(0, 7);
          expect(value >= 0 && value < 128).toBe(true);
        }
      }),
    );
  });
});

describe('numbers', () => {
  const unsigned = fc.oneof(fc.nat({ max: 20 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
  const signed = fc.oneof(
    fc.integer({ min: -20, max: 20 }),
    fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 }),
  );

  it('come back, whatever their size', () => {
    const numbers = fc.array(fc.record({ plain: unsigned, signed, context: fc.nat({ max: 1 }) }), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(numbers, (list) => {
        const encoder = new RangeEncoder();
        const write = { plain: new NumberModel(2), signed: new SignedModel(2) };
        for (const { plain, signed: number, context } of list) {
          write.plain.code(encoder, context, plain);
          write.signed.code(encoder, context, number);
        }
        const decoder = new RangeDecoder(encoder.finish());
        const read = { plain: new NumberModel(2), signed: new SignedModel(2) };
        for (const { plain, signed: number, context } of list) {
          expect(read.plain.code(decoder, context, 0)).toBe(plain);
          expect(read.signed.code(decoder, context, 0)).toBe(number);
        }
      }),
    );
  });
});

/** The lowest `count` bits. */
function lower(value: number, count: number): number {
  return count === 32 ? value : value % 2 ** count;
}
