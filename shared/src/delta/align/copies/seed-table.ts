import { releaseBuffer } from '../../../release-bytes.ts';
import { hash8 } from './content-hash.ts';

/** Bytes that have to agree for a place to be looked at. */
export const SEED = 8;
const BITS_MIN = 8;
const BITS_MAX = 24;
/** Sources above the first size are known at every second position only, above the second at every fourth, and so on. */
const DENSE_MAX = 2 ** 21;
const KNOWN_MAX = 1.5 * 2 ** 24;

/** Where the seeds of a source lie. Int32: 4 bytes for each slot, and 4 for each position that is known. */
export class SeedTable {
  readonly #slots: Int32Array;
  /** For each known position the one before it with the same hash, or -1. */
  readonly #earlier: Int32Array;
  readonly #step: number;
  readonly #shift: number;

  constructor(source: Uint8Array) {
    this.#step = source.length > DENSE_MAX ? 2 : 1;
    while (source.length / this.#step > KNOWN_MAX) this.#step *= 2;
    const known = Math.ceil(source.length / this.#step);
    const bits = Math.min(Math.max(Math.ceil(Math.log2(known + 1)), BITS_MIN), BITS_MAX);
    this.#shift = 32 - bits;
    this.#slots = new Int32Array(2 ** bits).fill(-1);
    this.#earlier = new Int32Array(known);
    for (let at = 0; at + SEED <= source.length; at += this.#step) {
      const slot = hash8(source, at) >>> this.#shift;
      this.#earlier[at / this.#step] = this.#slots[slot] as number;
      this.#slots[slot] = at;
    }
  }

  /** Gives the memory back; the table can't be used after. */
  release(): void {
    releaseBuffer(this.#slots);
    releaseBuffer(this.#earlier);
  }

  /** The last position that may have the seed at `at` of `target`, or -1. */
  find(target: Uint8Array, at: number): number {
    return this.#slots[hash8(target, at) >>> this.#shift] as number;
  }

  /** The one before `position`, or -1. */
  before(position: number): number {
    return this.#earlier[position / this.#step] as number;
  }
}
