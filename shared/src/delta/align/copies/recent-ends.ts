/** A copy that starts farther than this from an end of an earlier one doesn't go on with it. */
const SAME_PART = 2 ** 16;

/** Where the last copies ended in the source: the next one often goes on there, or a little behind. At first all are 0. */
export class RecentEnds {
  readonly #ends: Int32Array;

  constructor(count: number) {
    this.#ends = new Int32Array(count);
  }

  get(index: number): number {
    return this.#ends[index] as number;
  }

  /** The end that is closest to `position`, the latest of equals. */
  closest(position: number): number {
    let closest = 0;
    for (let index = 1; index < this.#ends.length; index += 1) {
      if (Math.abs(position - this.get(index)) < Math.abs(position - this.get(closest))) closest = index;
    }
    return closest;
  }

  /**
   * A copy of `length` bytes from `start` on, which the end at `index` was the reference of. Its end becomes the first. It takes the place of the
   * one that it goes on with, else of the last.
   */
  add(start: number, length: number, index: number): void {
    const goesOn = Math.abs(start - this.get(index)) <= SAME_PART;
    this.#ends.copyWithin(1, 0, goesOn ? index : this.#ends.length - 1);
    this.#ends[0] = start + length;
  }
}
