import { CODE_BITS_MAX } from './alphabet.ts';
import type { BitReader } from './bit-reader.ts';

/** Bits that one look into the table decides. */
const TABLE_BITS = 10;
/** A table entry is `symbol << 4 | length`. */
const LENGTH_MASK = 15;

/**
 * For each symbol the bits of its canonical code, the first bit lowest, as they are written. RFC 1951, section 3.2.2.
 * `lengths` has the bits of each symbol's code, 0 where it has none.
 */
export function prefixCodes(lengths: Uint8Array): Uint16Array {
  const next = firstCodes(countLengths(lengths));
  const codes = new Uint16Array(lengths.length);
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue;
    const code = next[length] ?? 0;
    next[length] = code + 1;
    codes[symbol] = reverse(code, length);
  }
  return codes;
}

/** Whether no two codes collide; `complete` where no bits are without a symbol. */
export function checkLengths(lengths: Uint8Array): { readonly valid: boolean; readonly complete: boolean } {
  let free = 1;
  for (const count of countLengths(lengths).subarray(1)) free = free * 2 - count;
  // Where too many codes are short, the sum is negative at the end, whatever comes later.
  return { valid: free >= 0, complete: free === 0 };
}

/** Reads symbols of one code. */
export class PrefixDecoder {
  readonly #table = new Uint16Array(1 << TABLE_BITS);
  readonly #counts: Uint16Array;
  readonly #sorted: Uint16Array;

  constructor(lengths: Uint8Array) {
    this.#counts = countLengths(lengths);
    this.#sorted = sortSymbols(lengths, this.#counts);
    const codes = prefixCodes(lengths);
    for (const [symbol, length] of lengths.entries()) {
      if (length === 0 || length > TABLE_BITS) continue;
      for (let bits = codes[symbol] ?? 0; bits < this.#table.length; bits += 1 << length)
        this.#table[bits] = (symbol << 4) | length;
    }
  }

  /** @throws RangeError where the bits are no code */
  read(bits: BitReader): number {
    const entry = this.#table[bits.peek(TABLE_BITS)] ?? 0;
    if (entry === 0) return this.#readLong(bits);
    bits.drop(entry & LENGTH_MASK);
    return entry >> 4;
  }

  #readLong(bits: BitReader): number {
    const peeked = bits.peek(CODE_BITS_MAX);
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= CODE_BITS_MAX; length += 1) {
      code |= (peeked >> (length - 1)) & 1;
      const count = this.#counts[length] ?? 0;
      if (code - count < first) {
        bits.drop(length);
        return this.#sorted[index + code - first] ?? 0;
      }
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new RangeError('these bits are no code');
  }
}

/** How many codes have each length; none at 0. */
function countLengths(lengths: Uint8Array): Uint16Array {
  const counts = new Uint16Array(CODE_BITS_MAX + 1);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  counts[0] = 0;
  return counts;
}

function firstCodes(counts: Uint16Array): Uint16Array {
  const first = new Uint16Array(CODE_BITS_MAX + 1);
  for (let length = 1; length <= CODE_BITS_MAX; length += 1)
    first[length] = ((first[length - 1] ?? 0) + (counts[length - 1] ?? 0)) << 1;
  return first;
}

function sortSymbols(lengths: Uint8Array, counts: Uint16Array): Uint16Array {
  const offsets = new Uint16Array(CODE_BITS_MAX + 2);
  for (let length = 1; length <= CODE_BITS_MAX; length += 1)
    offsets[length + 1] = (offsets[length] ?? 0) + (counts[length] ?? 0);
  const sorted = new Uint16Array(lengths.length);
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue;
    const offset = offsets[length] ?? 0;
    sorted[offset] = symbol;
    offsets[length] = offset + 1;
  }
  return sorted;
}

function reverse(code: number, length: number): number {
  let reversed = 0;
  for (let bit = 0; bit < length; bit += 1) reversed |= ((code >> bit) & 1) << (length - 1 - bit);
  return reversed;
}
