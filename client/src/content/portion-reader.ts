import { releaseBytes } from '@swupd/shared';

/** Takes bytes that come in chunks as portions of the caller's choice, front to back. Chunks are given up as they are used. */
export class PortionReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #rest: Uint8Array = this.#chunk;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /**
   * The next `length` bytes, in chunks. Each is good until the next one is asked for.
   * @throws RangeError where there are fewer; what the chunks throw
   */
  async *take(length: number): AsyncGenerator<Uint8Array, void, undefined> {
    for (let left = length; left > 0; ) {
      if (this.#rest.length === 0) await this.#fill();
      const chunk = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(chunk.length);
      left -= chunk.length;
      yield chunk;
    }
  }

  /** Gives up what has not been taken. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #fill(): Promise<void> {
    const { value, done } = await this.#chunks.next();
    if (done === true) throw new RangeError('the frame ends too early');
    // Whoever took its last part is done with it.
    releaseBytes(this.#chunk);
    this.#chunk = value;
    this.#rest = value;
  }
}
