import {
  type BitCoder,
  type BitModels,
  learn,
  PROBABILITY_BITS,
  probabilityOf,
  RANGE_MIN,
  RANGE_START,
  ZEROS_MAX,
} from './bit-coder.ts';

/** Reads what `RangeEncoder` wrote. Any bytes are a stream of bits: what they mean is for the caller to bound. */
export class RangeDecoder implements BitCoder {
  readonly #bytes: Uint8Array;
  #at = 0;
  #code = 0;
  #range = RANGE_START;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    for (let byte = 0; byte < 4; byte += 1) this.#code = (this.#code << 8) | this.#next();
    // An honest stream starts below the range; a hostile one is brought into it, so that all later sums stay positive.
    this.#code &= 0x7fffffff;
    if (this.#code >= this.#range) this.#code = this.#range - 1;
  }

  bit(models: BitModels, index: number, _bit: number): number {
    const bound = Math.imul(this.#range >>> PROBABILITY_BITS, probabilityOf(models, index));
    const bit = this.#code < bound ? 1 : 0;
    if (bit === 1) {
      this.#range = bound;
    } else {
      this.#code -= bound;
      this.#range -= bound;
    }
    learn(models, index, bit);
    this.#refill();
    return bit;
  }

  tree(models: BitModels, base: number, bits: number, _value: number): number {
    let node = 1;
    for (let left = bits; left > 0; left -= 1) node = 2 * node + this.bit(models, base + node, 0);
    return node - (1 << bits);
  }

  direct(_value: number, count: number): number {
    let value = 0;
    for (let left = count; left > 0; left -= 1) {
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit === 1) this.#code -= this.#range;
      value = (value << 1) | bit;
      this.#refill();
    }
    return value >>> 0;
  }

  /** Whether more was read than was there, beyond the zeros that a writer leaves out. */
  get overrun(): boolean {
    return this.#at > this.#bytes.length + ZEROS_MAX + 4;
  }

  #refill(): void {
    while (this.#range < RANGE_MIN) {
      this.#range <<= 8;
      this.#code = (this.#code << 8) | this.#next();
    }
  }

  #next(): number {
    const byte = this.#at < this.#bytes.length ? (this.#bytes[this.#at] as number) : 0;
    this.#at += 1;
    return byte;
  }
}
