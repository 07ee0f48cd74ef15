import { DeltaError } from '../../delta-error.ts';
import { type DeltaSource, readSource } from '../../delta-source.ts';
import type { ByteReader } from '../byte-reader.ts';
import {
  DICTIONARY_MAX,
  LITERAL_BLOCK,
  type LiteralBlock,
  METHODS,
  unpackLiterals,
} from './literal-block.ts';

/** The part of a source that a window is made of. */
export interface SourcePart {
  readonly source: DeltaSource;
  readonly start: number;
  readonly size: number;
}

/** Reads as many bytes as `writeLiterals` got, a block at a time. */
export class LiteralReader {
  readonly #reader: ByteReader;
  readonly #part: SourcePart;
  /** Bytes that are in no block yet. */
  #left: number;
  #block: Uint8Array = new Uint8Array(0);
  #at = 0;
  #dictionary: Uint8Array | undefined;

  constructor(reader: ByteReader, total: number, part: SourcePart) {
    this.#reader = reader;
    this.#left = total;
    this.#part = part;
  }

  /**
   * Fills `target` from `from` to `end`.
   * @throws DeltaError `bad-delta`, `unknown-codec`; what the source's read throws
   */
  fill(target: Uint8Array, from: number, end: number): void {
    for (let done = from; done < end; ) {
      if (this.#at === this.#block.length) this.#next();
      const part = this.#block.subarray(this.#at, this.#at + end - done);
      target.set(part, done);
      this.#at += part.length;
      done += part.length;
    }
  }

  #next(): void {
    const size = Math.min(this.#left, LITERAL_BLOCK);
    const header = this.#reader.number(size * METHODS + METHODS - 1);
    const method = (header % METHODS) as LiteralBlock['method'];
    const stored = this.#reader.bytes(Math.floor(header / METHODS));
    this.#block = unpackLiterals({ method, stored }, size, () => this.#readDictionary());
    this.#left -= size;
    this.#at = 0;
  }

  #readDictionary(): Uint8Array {
    const { source, start, size } = this.#part;
    if (size > DICTIONARY_MAX)
      throw new DeltaError('bad-delta', 'the source of the delta is too large for a dictionary');
    this.#dictionary ??= readSource(source, start, size);
    return this.#dictionary;
  }
}
