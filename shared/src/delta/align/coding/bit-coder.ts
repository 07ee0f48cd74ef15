/**
 * One side of the entropy coder. Writer and reader run the same code: `bit` is what the writer writes, and what comes back is
 * what the reader reads, so a reader passes anything.
 */
export interface BitCoder {
  /** A bit that `models[index]` predicts and learns from. */
  bit(models: BitModels, index: number, bit: number): number;
  /** A bit that is 1 with `probability` (above 0, below 2^PROBABILITY_BITS). */
  known(probability: number, bit: number): number;
  /** `count` bits (at most 32) of `value` that nothing predicts, the highest first. */
  direct(value: number, count: number): number;
}

/** Two probabilities of a one for each model, one quick and one slow to learn, of 16 bits each. */
export type BitModels = Uint16Array;

/** Models that know nothing yet. */
export function bitModels(count: number): BitModels {
  return new Uint16Array(2 * count).fill(0x8000);
}

/** Bits of a probability as the coder uses it, and the rates of learning as shifts. */
export const PROBABILITY_BITS = 12;
export const QUICK = 4;
export const SLOW = 7;
/** The range of the coder stays within 31 bits, so that JavaScript keeps it in an integer register. */
export const RANGE_START = 0x7fffffff;
export const RANGE_MIN = 2 ** 23;
/** Zeros at the end of a stream that a writer leaves out at most. */
export const ZEROS_MAX = 4;
