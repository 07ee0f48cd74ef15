import { type BitCoder, type BitModels, bitModels } from './bit-coder.ts';

/** Bits of a number behind its highest one that are predicted; the rest is as good as random. */
const PREDICTED = 3;
const TREE = 64;

/** In place of a number: there are no more. An empty stream reads as it. */
export const END = 2 ** 32;
const END_SIZE = TREE - 1;

/** Numbers from 0 to 2^32 - 1, small ones in few bits: the count of bits is predicted in a context, and the highest of them. */
export class NumberModel {
  readonly #sizes: BitModels;
  readonly #tops: BitModels;

  constructor(contexts: number) {
    this.#sizes = bitModels(contexts * TREE);
    this.#tops = bitModels(contexts * 33 * 2 ** PREDICTED);
  }

  /** The number or END; `context` counts from 0. */
  code(coder: BitCoder, context: number, value: number): number {
    const size = codeTree(
      coder,
      this.#sizes,
      context * TREE,
      6,
      value === END ? END_SIZE : 32 - Math.clz32(value),
    );
    if (size < 2) return size;
    if (size > 32) return END;
    const rest = size - 1;
    const predicted = Math.min(rest, PREDICTED);
    const base = (context * 33 + size) * 2 ** PREDICTED;
    const top = codeTree(
      coder,
      this.#tops,
      base,
      predicted,
      (value >>> (rest - predicted)) & (2 ** predicted - 1),
    );
    const low = rest - predicted;
    const tail = low > 0 ? coder.direct(low < 32 ? value & (2 ** low - 1) : value, low) : 0;
    return (2 ** rest + top * 2 ** low + tail) >>> 0;
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

/**
 * A number of `bits` bits, the highest first, each predicted from those before it. `base` is the tree's first model. Five plain
 * parameters, as this runs a million times a second.
 */
export function codeTree(
  coder: BitCoder,
  models: BitModels,
  base: number,
  bits: number,
  value: number,
): number {
  let node = 1;
  for (let left = bits - 1; left >= 0; left -= 1)
    node = 2 * node + coder.bit(models, base + node, (value >>> left) & 1);
  return node - 2 ** bits;
}
