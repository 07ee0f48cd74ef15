import { releaseBuffer } from '../../../release-bytes.ts';
import type { BitCoder } from './bit-coder.ts';
import { LOGIT_MAX, LOGITS, ONE, PROBABILITIES } from './logistic.ts';

/** Models of one context, as bits. Each half of a byte uses 15 of a group of 16. */
const SLOT_BITS = 16;
const GROUPS = 2 ** (SLOT_BITS - 4);
const HALVES = 17;
/** A model: the probability of a one, of 16 bits, above how often it was used, of 8 bits. */
const COUNT_BITS = 8;
const NEW_MODEL = 0x8000 << COUNT_BITS;
/** How far a model goes towards a bit, in 2^-14, by how often it was used. */
const RATE_BITS = 14;
const RATES = Int32Array.from({ length: 24 }, (_, count) =>
  Math.floor(2 ** (RATE_BITS + 1) / (2 * count + 3)),
);
const COUNT_MAX = RATES.length - 1;
/** Weights are in 2^-16. Honest ones stay small; all arithmetic is that of 32 bits, and what overflows in a hostile stream only predicts badly. */
const WEIGHT_ONE = 2 ** 16;
const WEIGHT_MAX = 2 ** 19;
const WEIGHT_RATE = 14;

/** Contexts of a byte. */
const CONTEXTS = 3;

/**
 * Bytes that are predicted in three contexts at once. The predictions are mixed as logits, by weights that learn which contexts are to
 * be trusted (M. Mahoney, "Adaptive Weighing of Context Models for Lossless Data Compression", 2005). Whole numbers only, so that all
 * machines compute the same. Written out context by context, as half of the time of a reader is spent here.
 */
export class MixedByte {
  /** The contexts of the next byte, as any numbers: set before each call of `code`. */
  readonly contexts = new Int32Array(CONTEXTS);
  readonly #models = new Int32Array(CONTEXTS * 2 ** SLOT_BITS).fill(NEW_MODEL);
  readonly #weights: Int32Array;
  /** The models of the present half, one group for each context. */
  #first = 0;
  #second = 0;
  #third = 0;

  /** `sets`: how many sets of weights there are to choose from. */
  constructor(sets: number) {
    this.#weights = new Int32Array(sets * 2 * 16 * CONTEXTS).fill(Math.floor((1.2 * WEIGHT_ONE) / CONTEXTS));
  }

  /** Gives the memory of the models back; nothing can be coded after. */
  release(): void {
    releaseBuffer(this.#models);
  }

  code(coder: BitCoder, set: number, value: number): number {
    const high = this.#half(coder, 2 * set, 0, value >>> 4);
    const low = this.#half(coder, 2 * set + 1, high + 1, value & 15);
    return high * 16 + low;
  }

  /** Four bits. `before`: 0 for the high ones, otherwise these and 1. */
  #half(coder: BitCoder, set: number, before: number, value: number): number {
    this.#first = this.#groupOf(0, before);
    this.#second = this.#groupOf(1, before);
    this.#third = this.#groupOf(2, before);
    let node = 1;
    for (let left = 3; left >= 0; left -= 1)
      node = 2 * node + this.#bit(coder, (set * 16 + node) * CONTEXTS, node, (value >>> left) & 1);
    return node - 16;
  }

  #groupOf(input: number, before: number): number {
    const hash = Math.imul(Math.imul(this.contexts[input] as number, HALVES) + before + 1, 0x9e3779b1);
    const mixed = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    return (input * GROUPS + (mixed >>> (32 - SLOT_BITS + 4))) * 16;
  }

  #bit(coder: BitCoder, set: number, node: number, value: number): number {
    const models = this.#models;
    const weights = this.#weights;
    const at1 = this.#first + node;
    const at2 = this.#second + node;
    const at3 = this.#third + node;
    const model1 = models[at1] as number;
    const model2 = models[at2] as number;
    const model3 = models[at3] as number;
    const logit1 = LOGITS[model1 >>> (COUNT_BITS + 4)] as number;
    const logit2 = LOGITS[model2 >>> (COUNT_BITS + 4)] as number;
    const logit3 = LOGITS[model3 >>> (COUNT_BITS + 4)] as number;
    const weight1 = weights[set] as number;
    const weight2 = weights[set + 1] as number;
    const weight3 = weights[set + 2] as number;
    const sum =
      ((Math.imul(logit1, weight1) >> 8) +
        (Math.imul(logit2, weight2) >> 8) +
        (Math.imul(logit3, weight3) >> 8)) >>
      8;
    const mixed = Math.min(Math.max(sum, -LOGIT_MAX), LOGIT_MAX);
    const probability = PROBABILITIES[mixed + LOGIT_MAX] as number;
    const bit = coder.known(probability, value);
    const error = ((bit === 1 ? ONE : 0) - probability) * WEIGHT_RATE;
    weights[set] = learned(weight1, logit1, error);
    weights[set + 1] = learned(weight2, logit2, error);
    weights[set + 2] = learned(weight3, logit3, error);
    const goal = bit === 1 ? 0xffff : 0;
    models[at1] = towards(model1, goal);
    models[at2] = towards(model2, goal);
    models[at3] = towards(model3, goal);
    return bit;
  }
}

function learned(weight: number, logit: number, error: number): number {
  const next = weight + ((Math.imul(logit, error) + 0x8000) >> 16);
  return Math.min(Math.max(next, -WEIGHT_MAX), WEIGHT_MAX);
}

function towards(model: number, goal: number): number {
  const used = model & (2 ** COUNT_BITS - 1);
  const before = model >>> COUNT_BITS;
  const after = before + (Math.imul(goal - before, RATES[used] as number) >> RATE_BITS);
  return (after << COUNT_BITS) | (used < COUNT_MAX ? used + 1 : used);
}
