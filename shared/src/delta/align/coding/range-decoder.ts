import {
  type BitCoder,
  type BitModels,
  PROBABILITY_BITS,
  QUICK,
  RANGE_MIN,
  RANGE_START,
  SLOW,
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
    const at = 2 * index;
    const quick = models[at] as number;
    const slow = models[at + 1] as number;
    let probability = (quick + slow) >>> (17 - PROBABILITY_BITS);
    if (probability < 1) probability = 1;
    else if (probability > 4095) probability = 4095;
    const bound = Math.imul(this.#range >>> PROBABILITY_BITS, probability);
    let bit: number;
    if (this.#code < bound) {
      this.#range = bound;
      models[at] = quick + ((0xffff - quick) >>> QUICK);
      models[at + 1] = slow + ((0xffff - slow) >>> SLOW);
      bit = 1;
    } else {
      this.#code -= bound;
      this.#range -= bound;
      models[at] = quick - (quick >>> QUICK);
      models[at + 1] = slow - (slow >>> SLOW);
      bit = 0;
    }
    while (this.#range < RANGE_MIN) {
      this.#range <<= 8;
      this.#code = (this.#code << 8) | this.#next();
    }
    return bit;
  }

  known(probability: number, _bit: number): number {
    const bound = Math.imul(this.#range >>> PROBABILITY_BITS, probability);
    const bit = this.#code < bound ? 1 : 0;
    if (bit === 1) {
      this.#range = bound;
    } else {
      this.#code -= bound;
      this.#range -= bound;
    }
    while (this.#range < RANGE_MIN) {
      this.#range <<= 8;
      this.#code = (this.#code << 8) | this.#next();
    }
    return bit;
  }

  direct(_value: number, count: number): number {
    let value = 0;
    for (let left = count; left > 0; left -= 1) {
      this.#range >>>= 1;
      let bit = 0;
      if (this.#code >= this.#range) {
        this.#code -= this.#range;
        bit = 1;
      }
      value = (value << 1) | bit;
      while (this.#range < RANGE_MIN) {
        this.#range <<= 8;
        this.#code = (this.#code << 8) | this.#next();
      }
    }
    return value >>> 0;
  }

  /** Whether more was read than was there, beyond the zeros that a writer leaves out. */
  get overrun(): boolean {
    return this.#at > this.#bytes.length + ZEROS_MAX + 4;
  }

  #next(): number {
    const byte = this.#at < this.#bytes.length ? (this.#bytes[this.#at] as number) : 0;
    this.#at += 1;
    return byte;
  }
}
