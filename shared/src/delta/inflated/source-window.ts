import { type DeltaSource, readSource } from '../delta-source.ts';

/** Bytes that are read at once. */
const BLOCK = 65_536;

/** Reads a source from front to back in blocks, so that many small streams are not many reads of the same bytes. */
export class SourceWindow {
  readonly #source: DeltaSource;
  #start = 0;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(source: DeltaSource) {
    this.#source = source;
  }

  /**
   * At least `length` bytes from `start` on, as far as the source has them; a view that is good until the next call.
   * @throws what `source.read` throws
   */
  from(start: number, length: number): Uint8Array {
    const end = Math.min(start + length, this.#source.size);
    if (start < this.#start || end > this.#start + this.#bytes.length) {
      this.#bytes = readSource(
        this.#source,
        start,
        Math.min(Math.max(length, BLOCK), this.#source.size - start),
      );
      this.#start = start;
    }
    return this.#bytes.subarray(start - this.#start);
  }
}
