/** Bytes that grow at the end. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];

  /** A whole number from 0 to 2^53 - 1: seven bits a byte, the lowest first, the top bit set where more follow (LEB128). */
  number(value: number): void {
    const bytes: number[] = [];
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
    bytes.push(rest);
    this.#parts.push(Uint8Array.from(bytes));
  }

  bytes(bytes: Uint8Array): void {
    this.#parts.push(bytes);
  }

  finish(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}
