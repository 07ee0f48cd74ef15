import { releaseBuffer } from '../../../release-bytes.ts';
import { hash8 } from './content-hash.ts';

/** Bytes that have to agree for a place to be looked at. */
export const SEED = 8;
/** Places that are remembered for one seed, or for several that share a bucket: the last ones. */
export const PLACES = 4;
const BITS_MIN = 9;
const BITS_MAX = 24;
/** Bits more than the known positions need, since buckets fill unevenly. */
const BITS_SPARE = 1;
/** Sources above the first size are known at every second position only, above the second at every fourth, and so on. */
const DENSE_MAX = 2 ** 21;
const KNOWN_MAX = 1.5 * 2 ** 24;

/** Where the seeds of a source lie. Int32: 8 to 16 bytes for each position that is known, 64 MiB at most. */
export class SeedTable {
  /** Buckets of PLACES, the last place first, -1 where there is none. */
  readonly #places: Int32Array;
  readonly #shift: number;

  constructor(source: Uint8Array) {
    let step = source.length > DENSE_MAX ? 2 : 1;
    while (source.length / step > KNOWN_MAX) step *= 2;
    const known = Math.ceil(source.length / step);
    const bits = Math.min(Math.max(Math.ceil(Math.log2(known + 1)) + BITS_SPARE, BITS_MIN), BITS_MAX);
    this.#shift = 32 - bits;
    this.#places = new Int32Array(2 ** bits).fill(-1);
    for (let at = 0; at + SEED <= source.length; at += step) this.#add(this.bucketOf(source, at), at);
  }

  /** Gives the memory back; the table can't be used after. */
  release(): void {
    releaseBuffer(this.#places);
  }

  /** Where the places are that may have the seed at `at` of `bytes`. */
  bucketOf(bytes: Uint8Array, at: number): number {
    return (hash8(bytes, at) >>> this.#shift) & -PLACES;
  }

  /** The last place but `number` (below PLACES) of a bucket, or -1. */
  place(bucket: number, number: number): number {
    return this.#places[bucket + number] as number;
  }

  #add(bucket: number, position: number): void {
    const places = this.#places;
    for (let slot = bucket + PLACES - 1; slot > bucket; slot -= 1) places[slot] = places[slot - 1] as number;
    places[bucket] = position;
  }
}
