import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOGIT_MAX, LOGITS, ONE, PROBABILITIES } from './logistic.ts';
import { MixedByte } from './mixed-byte.ts';
import { RangeDecoder } from './range-decoder.ts';
import { RangeEncoder } from './range-encoder.ts';

interface Coded {
  readonly value: number;
  readonly contexts: readonly [number, number, number];
}

function writeBytes(bytes: readonly Coded[]): Uint8Array {
  const encoder = new RangeEncoder();
  const model = new MixedByte(1);
  for (const { value, contexts } of bytes) {
    model.contexts.set(contexts);
    model.code(encoder, 0, value);
  }
  return encoder.finish();
}

function readBytes(stream: Uint8Array, bytes: readonly Coded[]): number[] {
  const decoder = new RangeDecoder(stream);
  const model = new MixedByte(1);
  return bytes.map(({ contexts }) => {
    model.contexts.set(contexts);
    return model.code(decoder, 0, 0);
  });
}

describe('MixedByte', () => {
  const context = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

  it('gives bytes back, whatever the contexts', () => {
    const coded = fc.record({ value: fc.nat({ max: 255 }), contexts: fc.tuple(context, context, context) });
    fc.assert(
      fc.property(fc.array(coded, { maxLength: 300 }), (bytes) => {
        expect(readBytes(writeBytes(bytes), bytes)).toEqual(bytes.map(({ value }) => value));
      }),
    );
  });

  it('learns which of its contexts foretells the bytes', () => {
    const bytes = Array.from({ length: 4000 }, (_, index): Coded => {
      const told = Math.imul(index, 0x9e3779b1) >>> 28;
      return { value: 17 * told, contexts: [Math.imul(index, 0x85ebca6b) >>> 20, told, 0] };
    });
    // 4000 bytes of 4 random bits each take 2000 bytes where nothing foretells them.
    expect(writeBytes(bytes).length).toBeLessThan(200);
  });

  it('reads any stream without end or error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (stream) => {
        const bytes = Array.from({ length: 500 }, (): Coded => ({ value: 0, contexts: [1, 2, 3] }));
        for (const value of readBytes(stream, bytes)) expect(value).toBeLessThan(256);
      }),
    );
  });
});

describe('logits', () => {
  it('lead to probabilities that a coder can use, and never fall', () => {
    for (const [index, probability] of PROBABILITIES.entries()) {
      expect(probability).toBeGreaterThan(0);
      expect(probability).toBeLessThan(ONE);
      expect(probability).toBeGreaterThanOrEqual(PROBABILITIES[index - 1] ?? 0);
    }
  });

  it.each([
    [0, -LOGIT_MAX],
    [1, -LOGIT_MAX],
    [ONE / 2, 0],
    [ONE - 1, 1984],
  ])('%i has the logit %i', (probability, logit) => {
    expect(LOGITS[probability]).toBe(logit);
  });
});
