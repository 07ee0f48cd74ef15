import { type BitCoder, bitModels } from '../coding/bit-coder.ts';
import { SignedModel } from '../coding/number-model.ts';

/** Bits of the number of a starting point: 0 is what was expected, the others are the last addresses of the class. */
const START_BITS = 3;
const STARTS = 2 ** START_BITS;
/** By how much the distance from one of the last addresses has to be shorter for its number to pay. */
const SHORTER = 4;

/**
 * Codes addresses that nothing foretold. What lists or describes places (unwind tables, relocations, calls to one library) often names the
 * next one, so such an address is more often near to one of the last than to where it was expected.
 */
export class SurpriseModel {
  readonly #coder: BitCoder;
  /** For each class the last addresses in turn, and how many there have been. */
  readonly #recent: Int32Array;
  readonly #next: Uint32Array;
  readonly #starts: Uint16Array;
  readonly #distances: SignedModel;

  constructor(coder: BitCoder, classes: number) {
    this.#coder = coder;
    this.#recent = new Int32Array(classes * STARTS);
    this.#next = new Uint32Array(classes);
    this.#starts = bitModels(classes * STARTS);
    this.#distances = new SignedModel(2 * classes);
  }

  /** Takes notice of an address of the target that a reference of `kind` has, whether it was foretold or not. */
  remember(kind: number, address: number): void {
    const next = this.#next[kind] as number;
    this.#recent[kind * STARTS + next] = address;
    this.#next[kind] = (next + 1) & (STARTS - 1);
  }

  /** The address of a reference that was expected to be `expected`. All addresses are 32 bits, signed. */
  code(kind: number, expected: number, actual: number): number {
    const start = this.#coder.tree(
      this.#starts,
      kind * STARTS,
      START_BITS,
      this.#closest(kind, expected, actual),
    );
    const from = this.#startOf(kind, start, expected);
    const context = 2 * kind + (start === 0 ? 0 : 1);
    return (from + this.#distances.code(this.#coder, context, (actual - from) | 0)) | 0;
  }

  #closest(kind: number, expected: number, actual: number): number {
    let closest = 0;
    let distance = Math.abs((actual - expected) | 0);
    for (let start = 1; start < STARTS; start += 1) {
      const other = Math.abs((actual - this.#startOf(kind, start, expected)) | 0);
      if (other >= distance / SHORTER) continue;
      closest = start;
      distance = other;
    }
    return closest;
  }

  #startOf(kind: number, start: number, expected: number): number {
    if (start === 0) return expected;
    const slot = ((this.#next[kind] as number) - start) & (STARTS - 1);
    return this.#recent[kind * STARTS + slot] as number;
  }
}
