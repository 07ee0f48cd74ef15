const FIRST_SIZE = 4096;

/** Writes bits from the lowest of each byte up. */
export class BitWriter {
  #bytes = new Uint8Array(FIRST_SIZE);
  #size = 0;
  #hold = 0;
  #count = 0;

  /** Bytes that are complete. */
  get size(): number {
    return this.#size;
  }

  /** Appends the lowest `count` bits of `value`, at most 16; the bits above have to be zero. */
  write(value: number, count: number): void {
    this.#hold |= value << this.#count;
    this.#count += count;
    if (this.#count < 16) return;
    if (this.#size + 2 > this.#bytes.length) this.#grow(2);
    this.#bytes[this.#size] = this.#hold;
    this.#bytes[this.#size + 1] = this.#hold >>> 8;
    this.#size += 2;
    this.#hold >>>= 16;
    this.#count -= 16;
  }

  /** Fills the byte that has been begun with zeros. */
  align(): void {
    this.#grow(2);
    while (this.#count > 0) {
      this.#bytes[this.#size] = this.#hold;
      this.#size += 1;
      this.#hold >>>= 8;
      this.#count = Math.max(0, this.#count - 8);
    }
  }

  /** Appends whole bytes; only from a byte's start on. */
  writeBytes(bytes: Uint8Array): void {
    this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#size);
    this.#size += bytes.length;
  }

  /** The complete bytes since the last call, in memory of their own. */
  take(): Uint8Array {
    const bytes = this.#bytes.slice(0, this.#size);
    this.#size = 0;
    return bytes;
  }

  #grow(more: number): void {
    if (this.#size + more <= this.#bytes.length) return;
    const bytes = new Uint8Array(2 * (this.#size + more));
    bytes.set(this.#bytes.subarray(0, this.#size));
    this.#bytes = bytes;
  }
}
