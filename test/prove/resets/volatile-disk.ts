import type { Random } from '../../fuzz/random.ts';

/**
 * What a disk writes as a whole, in bytes; a write of more may be torn between two of them. Not 512, as disks once had: ext4 itself is not
 * made for that, half of a superblock is not mountable any more.
 */
export const SECTOR = 4096;

export interface Loss {
  /** Writes that no flush had confirmed when the power went. */
  readonly unflushed: number;
  /** Of those: what is gone as a whole, and what is there in part. */
  readonly lost: number;
  readonly torn: number;
}

interface Write {
  readonly offset: number;
  readonly bytes: Buffer;
}

/** A disk with a write cache that is lost with the power, as all disks have that announce one. */
export class VolatileDisk {
  /** What a reader sees. */
  readonly #content: Buffer;
  /** What is there for good. */
  readonly #durable: Buffer;
  #unflushed: Write[] = [];

  /** A disk with this content, of whole sectors. Its bytes are copied. */
  constructor(content: Uint8Array) {
    this.#content = Buffer.from(content);
    this.#durable = Buffer.from(content);
  }

  get size(): number {
    return this.#content.length;
  }

  /** @returns a view that the next write may change */
  read(offset: number, length: number): Buffer {
    return this.#content.subarray(offset, offset + length);
  }

  write(offset: number, bytes: Uint8Array): void {
    const copy = Buffer.from(bytes);
    copy.copy(this.#content, offset);
    this.#unflushed.push({ offset, bytes: copy });
  }

  /** Makes durable what has been written so far. */
  flush(): void {
    for (const { offset, bytes } of this.#unflushed) bytes.copy(this.#durable, offset);
    this.#unflushed = [];
  }

  /**
   * The power goes: of each write since the last flush, all sectors reach the disk, or none, or any of them, whatever becomes of the writes
   * before and after it. How likely each is differs from call to call, so that all and nothing come up too.
   * @returns what the disk has when the power is back
   */
  cutPower(random: Random): { readonly content: Buffer; readonly loss: Loss } {
    const [shareLost, shareTorn] = [random.below(101), random.below(51)];
    let [lost, torn] = [0, 0];
    for (const write of this.#unflushed) {
      if (random.below(100) < shareLost) lost += 1;
      else if (random.below(100) < shareTorn) {
        torn += 1;
        this.#keepSome(write, random);
      } else write.bytes.copy(this.#durable, write.offset);
    }
    return { content: Buffer.from(this.#durable), loss: { unflushed: this.#unflushed.length, lost, torn } };
  }

  #keepSome({ offset, bytes }: Write, random: Random): void {
    for (let at = 0; at < bytes.length; at += SECTOR) {
      if (random.oneIn(2)) bytes.copy(this.#durable, offset + at, at, at + SECTOR);
    }
  }
}
