/** Copies of one window at most: what a hostile delta can make a reader remember. 2^20, so that an index fits beside an address. */
export const COPIES_MAX = 2 ** 20;

/** Parts of the target that resemble parts of the source, front to back and apart from each other in the target. Positions in bytes. */
export interface Copies {
  readonly count: number;
  readonly target: Int32Array;
  readonly source: Int32Array;
  readonly length: Int32Array;
}

/** Copies that are added one by one. */
export class CopyList implements Copies {
  count = 0;
  target = new Int32Array(256);
  source = new Int32Array(256);
  length = new Int32Array(256);

  add(target: number, source: number, length: number): void {
    if (this.count === this.target.length) {
      this.target = grown(this.target);
      this.source = grown(this.source);
      this.length = grown(this.length);
    }
    this.target[this.count] = target;
    this.source[this.count] = source;
    this.length[this.count] = length;
    this.count += 1;
  }
}

function grown(old: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * old.length);
  larger.set(old);
  return larger;
}
