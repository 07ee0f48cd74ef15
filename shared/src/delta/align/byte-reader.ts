import { DeltaError } from '../delta-error.ts';

/** Reads what a `ByteWriter` wrote. An attacker controls every byte. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /**
   * A number from 0 to `max`.
   * @throws DeltaError `bad-delta` where it is larger, longer than needed, or cut
   */
  number(max: number): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49; scale *= 128) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new DeltaError('bad-delta', 'the delta ends within a number');
      this.#at += 1;
      value += (byte & 0x7f) * scale;
      if (byte > 0x7f) continue;
      if (value > max || (byte === 0 && scale > 1)) break;
      return value;
    }
    throw new DeltaError('bad-delta', 'a number of the delta is out of its range');
  }

  /**
   * The next `length` bytes, as a view.
   * @throws DeltaError `bad-delta` where there are fewer
   */
  bytes(length: number): Uint8Array {
    if (length > this.left) throw new DeltaError('bad-delta', 'the delta ends too early');
    const part = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return part;
  }
}
