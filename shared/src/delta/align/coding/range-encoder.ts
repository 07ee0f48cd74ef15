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

/** Writes bits by arithmetic coding: a carry-propagating range coder as in LZMA (I. Pavlov), over 31 bits. */
export class RangeEncoder implements BitCoder {
  #bytes = Buffer.allocUnsafe(4096);
  #size = 0;
  #low = 0;
  #range = RANGE_START;
  /** The last byte that a carry can still change, and how many 0xff behind it. -1 before the first. */
  #last = -1;
  #pending = 0;

  bit(models: BitModels, index: number, bit: number): number {
    const bound = (this.#range >>> PROBABILITY_BITS) * probabilityOf(models, index);
    if (bit === 1) {
      this.#range = bound;
    } else {
      this.#low += bound;
      this.#range -= bound;
    }
    learn(models, index, bit);
    while (this.#range < RANGE_MIN) this.#shift();
    return bit;
  }

  tree(models: BitModels, base: number, bits: number, value: number): number {
    let node = 1;
    for (let left = bits - 1; left >= 0; left -= 1)
      node = 2 * node + this.bit(models, base + node, (value >>> left) & 1);
    return node - (1 << bits);
  }

  direct(value: number, count: number): number {
    for (let left = count - 1; left >= 0; left -= 1) {
      this.#range >>>= 1;
      if (((value >>> left) & 1) === 1) this.#low += this.#range;
      while (this.#range < RANGE_MIN) this.#shift();
    }
    return value;
  }

  /** All that was written; nothing can be written after. Up to ZEROS_MAX zeros at the end are left out: a reader reads zeros there. */
  finish(): Uint8Array {
    this.#low = roundest(this.#low, this.#range);
    for (let byte = 0; byte < 5; byte += 1) this.#shift();
    let size = this.#size;
    while (size > 0 && size > this.#size - ZEROS_MAX && this.#bytes[size - 1] === 0) size -= 1;
    return this.#bytes.subarray(0, size);
  }

  #shift(): void {
    if (this.#low < 0xff000000 || this.#low > 0xffffffff) {
      const carry = this.#low > 0xffffffff ? 1 : 0;
      if (this.#last >= 0) this.#write((this.#last + carry) & 0xff);
      for (; this.#pending > 0; this.#pending -= 1) this.#write((0xff + carry) & 0xff);
      this.#last = (this.#low >>> 24) & 0xff;
    } else {
      this.#pending += 1;
    }
    this.#low = (this.#low & 0x00ffffff) * 256;
    this.#range = this.#range * 256;
  }

  #write(byte: number): void {
    if (this.#size === this.#bytes.length) {
      const larger = Buffer.allocUnsafe(2 * this.#size);
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    this.#bytes[this.#size] = byte;
    this.#size += 1;
  }
}

/** The number from `low` on, and below `low + range`, with the most zeros at its end. */
function roundest(low: number, range: number): number {
  for (let unit = 2 ** 31; unit > 1; unit /= 2) {
    const rounded = Math.ceil(low / unit) * unit;
    if (rounded < low + range) return rounded;
  }
  return low;
}
