import { COPIES_MAX, type Copies, CopyList } from '../copies/copy-list.ts';
import { addressOf, extentOf, type Segment } from './address-space.ts';

/** Addresses that share a slot of the index: 2^12. */
const PAGE_BITS = 12;

/** Where an address of the source is in the target, by what was copied from where. */
export class AddressMap {
  /** From the lowest address on; up to 32 bits without a sign. */
  readonly #starts: Float64Array;
  readonly #ends: Float64Array;
  readonly #shifts: Int32Array;
  readonly #pages: Int32Array;
  readonly #low: number;
  readonly #span: number;
  /** Whether the address of the last `moved` call was copied itself; otherwise the answer is its lower neighbour's. */
  covered = false;

  constructor(copies: Copies, source: readonly Segment[], target: readonly Segment[]) {
    const { low, span } = extentOf(source);
    this.#low = low;
    this.#span = span;
    const pieces = piecesOf(copies, source, target);
    const { count } = pieces;
    // One number for start and index sorts without an object for each piece: a hostile delta may have a million.
    const order = new Float64Array(count);
    for (let index = 0; index < count; index += 1)
      order[index] = (((pieces.source[index] as number) - low) >>> 0) * COPIES_MAX + index;
    order.sort();
    this.#starts = new Float64Array(count);
    this.#ends = new Float64Array(count);
    this.#shifts = new Int32Array(count);
    for (let sorted = 0; sorted < count; sorted += 1) {
      const index = (order[sorted] as number) % COPIES_MAX;
      const start = pieces.source[index] as number;
      this.#starts[sorted] = (start - low) >>> 0;
      this.#ends[sorted] = ((start - low) >>> 0) + (pieces.length[index] as number);
      this.#shifts[sorted] = ((pieces.target[index] as number) - start) | 0;
    }
    this.#pages = indexPages(this.#starts, span);
  }

  /** The shift of `address` (source to target), and whether it is known for certain in `covered`. */
  shiftOf(address: number): number {
    const at = (address - this.#low) >>> 0;
    this.covered = false;
    if (at >= this.#span || this.#starts.length === 0) return 0;
    let index = this.#pages[at >>> PAGE_BITS] as number;
    const count = this.#starts.length;
    let end = this.#pages[(at >>> PAGE_BITS) + 1] as number;
    if (end > count) end = count;
    while (index < end) {
      const middle = (index + end) >> 1;
      if ((this.#starts[middle] as number) <= at) index = middle + 1;
      else end = middle;
    }
    if (index === 0) return this.#shifts[0] as number;
    index -= 1;
    this.covered = at < (this.#ends[index] as number);
    return this.#shifts[index] as number;
  }
}

/** The copies as addresses, cut where a segment ends: what has no address on both sides is left out. */
function piecesOf(copies: Copies, source: readonly Segment[], target: readonly Segment[]): Copies {
  const pieces = new CopyList();
  for (let index = 0; index < copies.count; index += 1) {
    const from = copies.source[index] as number;
    const to = copies.target[index] as number;
    for (const segment of source) {
      const start = Math.max(from, segment.offset);
      const end = Math.min(from + (copies.length[index] as number), segment.offset + segment.size);
      const address = start < end ? addressOf(target, to + (start - from)) : undefined;
      if (address !== undefined && pieces.count < COPIES_MAX)
        pieces.add(address, (segment.address + (start - segment.offset)) | 0, end - start);
    }
  }
  return pieces;
}

/** For each page the number of starts below it. */
function indexPages(starts: Float64Array, span: number): Int32Array {
  const pages = new Int32Array((span >>> PAGE_BITS) + 3);
  let index = 0;
  for (let page = 0; page < pages.length; page += 1) {
    while (index < starts.length && (starts[index] as number) >>> PAGE_BITS < page) index += 1;
    pages[page] = index;
  }
  return pages;
}
