const MORE = 0x80;
/** Bytes of the longest number; keeps sums exact. */
const LENGTH_MAX = 7;

/** Numbers of at most 49 bits, seven bits a byte, the lowest first, with the high bit where more follow. */
export class VarintWriter {
  readonly #bytes: number[] = [];

  write(value: number): void {
    let left = value;
    for (; left >= MORE; left = Math.floor(left / MORE)) this.#bytes.push((left % MORE) | MORE);
    this.#bytes.push(left);
  }

  writeBytes(bytes: Uint8Array): void {
    for (const byte of bytes) this.#bytes.push(byte);
  }

  /** Its length, and then the bytes themselves. */
  writeSection(bytes: Uint8Array): void {
    this.write(bytes.length);
    this.writeBytes(bytes);
  }

  take(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

/** Reads what the writer wrote. Every method throws RangeError where the bytes end too early. */
export class VarintReader {
  readonly #bytes: Uint8Array;
  #next = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#next === this.#bytes.length;
  }

  /** A number of at most `max`. */
  read(max: number): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < LENGTH_MAX; count += 1) {
      const [byte = 0] = this.readBytes(1);
      value += (byte & (MORE - 1)) * scale;
      if (byte < MORE) return check(value, max);
      scale *= MORE;
    }
    throw new RangeError('a number has too many bytes');
  }

  readBytes(length: number): Uint8Array {
    const end = this.#next + length;
    if (end > this.#bytes.length) throw new RangeError('numbers are missing');
    const bytes = this.#bytes.subarray(this.#next, end);
    this.#next = end;
    return bytes;
  }

  readSection(): Uint8Array {
    return this.readBytes(this.read(this.#bytes.length));
  }

  readRest(): Uint8Array {
    return this.readBytes(this.#bytes.length - this.#next);
  }
}

function check(value: number, max: number): number {
  if (value > max) throw new RangeError(`the number ${value} is above ${max}`);
  return value;
}
