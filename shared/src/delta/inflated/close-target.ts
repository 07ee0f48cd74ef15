import { PLAIN_PADDING } from '../../deflate/index.ts';
import { closeStream } from './close-stream.ts';
import { INFLATED_LIMITS } from './limits.ts';
import type { StreamList } from './stream-list.ts';

/** Deflate makes at most so many bytes out of one. */
const EXPANSION_MAX = 1032;

/** Bytes of the target's form. */
export function targetFormSize({ target, tail }: StreamList): number {
  return target.reduce((sum, { gap, size }) => sum + gap + size, tail);
}

/**
 * Checks what a list says of the target before anything is made of it.
 * @throws RangeError where it is outside of the limits, or can't make `targetSize` bytes
 */
export function checkTarget({ target, tail }: StreamList, targetSize: number): void {
  const plain = target.reduce((sum, { size }) => sum + size, 0);
  if (plain > INFLATED_LIMITS.target) throw new RangeError('the streams are too large together');
  if (plain > EXPANSION_MAX * targetSize) throw new RangeError('the streams make more than the target');
  const rest = target.reduce((sum, { gap }) => sum + gap, tail);
  if (rest > targetSize) throw new RangeError('the list of streams is for a larger target');
}

/**
 * The target out of its form, which comes in chunks of any size. Holds the plain text of one stream at a time.
 * @throws RangeError where a correction is damaged, or the form is too short or too long; what `form` throws
 */
export async function* closeTarget(
  form: AsyncIterable<Uint8Array>,
  { target, tail }: StreamList,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = new FormReader(form);
  try {
    for (const stream of target) {
      yield* reader.pass(stream.gap);
      yield* closeStream(await reader.take(stream.size, PLAIN_PADDING), stream);
    }
    yield* reader.pass(tail);
    await reader.finish();
  } finally {
    await reader.close();
  }
}

/** Cuts a form into what is passed on and what is gathered. */
class FormReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);

  constructor(form: AsyncIterable<Uint8Array>) {
    this.#chunks = form[Symbol.asyncIterator]();
  }

  /** The next `length` bytes as they come. */
  async *pass(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      const part = await this.#next(left);
      left -= part.length;
      yield part;
    }
  }

  /** The next `length` bytes, with `padding` zeros behind them. */
  async take(length: number, padding: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length + padding);
    for (let done = 0; done < length; ) {
      const part = await this.#next(length - done);
      bytes.set(part, done);
      done += part.length;
    }
    return bytes;
  }

  async finish(): Promise<void> {
    if (this.#chunk.length > 0) throw new RangeError('the form is too long');
    for (let result = await this.#chunks.next(); !result.done; result = await this.#chunks.next())
      if (result.value.length > 0) throw new RangeError('the form is too long');
  }

  /** Whatever has happened: what makes the form may hold something. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #next(max: number): Promise<Uint8Array> {
    while (this.#chunk.length === 0) {
      const result = await this.#chunks.next();
      if (result.done) throw new RangeError('the form is too short');
      this.#chunk = result.value;
    }
    const part = this.#chunk.subarray(0, max);
    this.#chunk = this.#chunk.subarray(part.length);
    return part;
  }
}
