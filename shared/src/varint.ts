const MORE = 0x80;
/** Bytes of the longest number: 49 bits, more than any file has bytes, and few enough for exact sums. */
const LENGTH_MAX = 7;

/** Writes numbers and bytes: seven bits of a number in a byte, the lowest first, with the high bit where more follow (LEB128). */
export class VarintWriter {
  readonly #parts: Uint8Array[] = [];
  /** Numbers since the last part. */
  #numbers: number[] = [];

  /** A whole number from 0 to 2^49 - 1, in as few bytes as it needs. */
  write(value: number): void {
    let left = value;
    for (; left >= MORE; left = Math.floor(left / MORE)) this.#numbers.push((left % MORE) | MORE);
    this.#numbers.push(left);
  }

  /** Keeps a view of `bytes`, which have to stay as they are until `take`. */
  writeBytes(bytes: Uint8Array): void {
    this.#endNumbers();
    this.#parts.push(bytes);
  }

  /** Their length, and then the bytes themselves. */
  writeSection(bytes: Uint8Array): void {
    this.write(bytes.length);
    this.writeBytes(bytes);
  }

  /** All that has been written, in memory of its own. */
  take(): Uint8Array {
    this.#endNumbers();
    const all = new Uint8Array(this.#parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  #endNumbers(): void {
    if (this.#numbers.length > 0) this.#parts.push(Uint8Array.from(this.#numbers));
    this.#numbers = [];
  }
}

/** Reads what a `VarintWriter` wrote. Every byte may be an attacker's; all methods throw RangeError where the bytes end too early. */
export class VarintReader {
  readonly #bytes: Uint8Array;
  #next = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Bytes that have not been read. */
  get left(): number {
    return this.#bytes.length - this.#next;
  }

  get isAtEnd(): boolean {
    return this.left === 0;
  }

  /**
   * A number from 0 to `max`.
   * @throws RangeError where it is larger or has more than 7 bytes
   */
  read(max: number): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < LENGTH_MAX; count += 1) {
      const byte = this.#readByte();
      value += (byte & (MORE - 1)) * scale;
      if (byte < MORE) return check(value, max);
      scale *= MORE;
    }
    throw new RangeError('a number has too many bytes');
  }

  /**
   * The same for a format that has one form for each number.
   * @throws RangeError also where it is longer than needed
   */
  readShortest(max: number): number {
    const start = this.#next;
    const value = this.read(max);
    const isLonger = this.#next > start + 1 && this.#bytes[this.#next - 1] === 0;
    if (isLonger) throw new RangeError('a number is longer than needed');
    return value;
  }

  /** The next `length` bytes, as a view. */
  readBytes(length: number): Uint8Array {
    if (length > this.left) throw new RangeError('bytes are missing');
    const start = this.#next;
    this.#next += length;
    return this.#bytes.subarray(start, this.#next);
  }

  readSection(): Uint8Array {
    return this.readBytes(this.read(this.#bytes.length));
  }

  readRest(): Uint8Array {
    return this.readBytes(this.left);
  }

  #readByte(): number {
    const byte = this.#bytes[this.#next];
    if (byte === undefined) throw new RangeError('numbers are missing');
    this.#next += 1;
    return byte;
  }
}

function check(value: number, max: number): number {
  if (value > max) throw new RangeError(`the number ${value} is above ${max}`);
  return value;
}
