/** Reads bits from the lowest of each byte up, as deflate has them. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #next: number;
  #hold = 0;
  #count = 0;

  constructor(bytes: Uint8Array, start = 0) {
    this.#bytes = bytes;
    this.#next = start;
  }

  /** Bits read so far, from the start of the bytes on. */
  get position(): number {
    return this.#next * 8 - this.#count;
  }

  /**
   * The next `count` bits, at most 16, without taking them; zeros behind the end.
   */
  peek(count: number): number {
    while (this.#count < count) {
      this.#hold |= (this.#bytes[this.#next] ?? 0) << this.#count;
      this.#next += 1;
      this.#count += 8;
    }
    return this.#hold & ((1 << count) - 1);
  }

  /** Takes bits that have been peeked at. */
  drop(count: number): void {
    this.#hold >>>= count;
    this.#count -= count;
  }

  /**
   * Takes `count` bits, at most 16.
   * @throws RangeError behind the end of the bytes
   */
  read(count: number): number {
    const value = this.peek(count);
    this.drop(count);
    this.check();
    return value;
  }

  /** @throws RangeError where more has been taken than there was */
  check(): void {
    if (this.position > this.#bytes.length * 8) throw new RangeError('the bits end too early');
  }

  /** Takes the rest of a byte that has been begun; gives its bits. */
  align(): number {
    return this.read(this.#count & 7);
  }

  /**
   * Takes `length` bytes from a byte's start on.
   * @throws RangeError behind the end of the bytes
   */
  readBytes(length: number): Uint8Array {
    const start = this.position / 8;
    if (start + length > this.#bytes.length) throw new RangeError('the bytes end too early');
    this.#next = start + length;
    this.#hold = 0;
    this.#count = 0;
    return this.#bytes.subarray(start, start + length);
  }
}
