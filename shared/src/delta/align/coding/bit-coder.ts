/**
 * One side of the entropy coder. Writer and reader run the same code: `bit` is what the writer writes, and what comes back is
 * what the reader reads, so a reader passes anything. Plain parameters throughout, as all of it runs millions of times a second.
 */
export interface BitCoder {
  /** A bit that `models[index]` predicts and learns from. */
  bit(models: BitModels, index: number, bit: number): number;
  /** A number of `bits` bits, the highest first, each predicted from those before it by one of 2^`bits` models from `base` on. */
  tree(models: BitModels, base: number, bits: number, value: number): number;
  /** `count` bits (at most 32) of `value` that nothing predicts, the highest first. */
  direct(value: number, count: number): number;
}

/** Two probabilities of a one for each model, one quick and one slow to learn, of 16 bits each. */
export type BitModels = Uint16Array;

/** Models that know nothing yet. */
export function bitModels(count: number): BitModels {
  return new Uint16Array(2 * count).fill(0x8000);
}

/** Bits of a probability as the coder uses it. */
export const PROBABILITY_BITS = 12;
/** Rates of learning, as shifts. */
const QUICK = 4;
const SLOW = 7;
/** The range of the coder stays within 31 bits, so that JavaScript keeps it in an integer register. */
export const RANGE_START = 0x7fffffff;
export const RANGE_MIN = 2 ** 23;
/** Zeros at the end of a stream that a writer leaves out at most. */
export const ZEROS_MAX = 5;

/** The probability of a one: neither state comes nearer to an end than its rate takes it, so from 4 to 2^PROBABILITY_BITS - 5. */
export function probabilityOf(models: BitModels, index: number): number {
  return ((models[2 * index] as number) + (models[2 * index + 1] as number)) >>> (17 - PROBABILITY_BITS);
}

export function learn(models: BitModels, index: number, bit: number): void {
  const quick = models[2 * index] as number;
  const slow = models[2 * index + 1] as number;
  if (bit === 1) {
    models[2 * index] = quick + ((0xffff - quick) >>> QUICK);
    models[2 * index + 1] = slow + ((0xffff - slow) >>> SLOW);
  } else {
    models[2 * index] = quick - (quick >>> QUICK);
    models[2 * index + 1] = slow - (slow >>> SLOW);
  }
}
