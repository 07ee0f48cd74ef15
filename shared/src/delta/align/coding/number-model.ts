import { type BitCoder, type BitModels, bitModels } from './bit-coder.ts';

/** Bits of a number behind its highest one that are predicted; the rest is as good as random. */
const PREDICTED = 3;
/** Counts of bits below this are a tree of their own, the others one behind it: nearly all numbers are small. */
const SMALL = 15;
const SMALL_BITS = 4;
const LARGE_BITS = 5;
const TREES = 2 ** SMALL_BITS + 2 ** LARGE_BITS;

/** In place of a number: there are no more. An empty stream reads as it. */
export const END = 2 ** 32;
const END_SIZE = SMALL + 2 ** LARGE_BITS - 1;

/** Numbers from 0 to 2^32 - 1, small ones in few bits: the count of bits is predicted in a context, and the highest of them. */
export class NumberModel {
  readonly #sizes: BitModels;
  readonly #tops: BitModels;

  constructor(contexts: number) {
    this.#sizes = bitModels(contexts * TREES);
    this.#tops = bitModels(contexts * 33 * 2 ** PREDICTED);
  }

  /** The number or END; `context` counts from 0. */
  code(coder: BitCoder, context: number, value: number): number {
    const size = this.#size(coder, context * TREES, value === END ? END_SIZE : 32 - Math.clz32(value));
    if (size < 2) return size;
    if (size > 32) return END;
    const rest = size - 1;
    const predicted = Math.min(rest, PREDICTED);
    const low = rest - predicted;
    const base = (context * 33 + size) * 2 ** PREDICTED;
    const top = coder.tree(this.#tops, base, predicted, (value >>> low) & ((1 << predicted) - 1));
    const tail = low > 0 ? coder.direct(value & ((1 << low) - 1), low) : 0;
    return ((1 << rest) + (top << low) + tail) >>> 0;
  }

  #size(coder: BitCoder, base: number, size: number): number {
    const small = coder.tree(this.#sizes, base, SMALL_BITS, Math.min(size, SMALL));
    if (small < SMALL) return small;
    return SMALL + coder.tree(this.#sizes, base + 2 ** SMALL_BITS, LARGE_BITS, size - SMALL);
  }
}

/** Whole numbers of 32 bits around 0: size and sign of the distance are predicted in a context. */
export class SignedModel {
  readonly #magnitude: NumberModel;
  readonly #signs: BitModels;

  constructor(contexts: number) {
    this.#magnitude = new NumberModel(contexts);
    this.#signs = bitModels(contexts);
  }

  code(coder: BitCoder, context: number, value: number): number {
    const magnitude = this.#magnitude.code(coder, context, Math.abs(value));
    if (magnitude === 0) return 0;
    return coder.bit(this.#signs, context, value < 0 ? 1 : 0) === 1 ? -magnitude : magnitude;
  }
}
