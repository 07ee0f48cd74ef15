import { VarintReader } from '../../varint.ts';
import { DeltaError } from '../delta-error.ts';

/** Reads the numbers and bytes of a payload, each of which an attacker controls. */
export class ByteReader {
  readonly #varints: VarintReader;

  constructor(bytes: Uint8Array) {
    this.#varints = new VarintReader(bytes);
  }

  get left(): number {
    return this.#varints.left;
  }

  /**
   * A number from 0 to `max`.
   * @throws DeltaError `bad-delta` where it is larger, longer than needed, or cut
   */
  number(max: number): number {
    return refuseDamage(() => this.#varints.readShortest(max));
  }

  /**
   * The next `length` bytes, as a view.
   * @throws DeltaError `bad-delta` where there are fewer
   */
  bytes(length: number): Uint8Array {
    return refuseDamage(() => this.#varints.readBytes(length));
  }
}

function refuseDamage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new DeltaError('bad-delta', `the delta is damaged: ${error.message}`, { cause: error });
  }
}
