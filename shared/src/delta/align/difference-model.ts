import type { BitCoder } from './coding/bit-coder.ts';
import { MixedByte } from './coding/mixed-byte.ts';
import { NumberModel } from './coding/number-model.ts';

/** Kinds of content whose differences are predicted apart: plain bytes, code, tables. */
const TEXTURES = 3;
/** Bytes before a difference that it is predicted from, and the ones behind it. */
export const BYTES_BEFORE = 2;
export const BYTES_BEHIND = 1;

/** Codes gaps and differences in turn: how many bytes are as in the source, by how much the next one isn't. */
export class DifferenceModel {
  readonly #coder: BitCoder;
  readonly #gaps = new NumberModel(4);
  readonly #values = new MixedByte(TEXTURES);
  /** Whether the last gap was empty, and the one before: 1 and 2. */
  #history = 0;
  /** The last differences. */
  #last = 0;
  #earlier = 0;

  constructor(coder: BitCoder) {
    this.#coder = coder;
  }

  release(): void {
    this.#values.release();
  }

  /** The bytes up to the next difference, or END. */
  gap(value: number): number {
    const gap = this.#gaps.code(this.#coder, this.#history, value);
    this.#history = ((this.#history << 1) & 2) | (gap === 0 ? 1 : 0);
    return gap;
  }

  /** What is added to the byte at `at` of `source`. Bytes around it that are outside the buffer count as 0. */
  difference(source: Uint8Array, at: number, texture: number, value: number): number {
    const before = at > 0 ? (source[at - 1] as number) : 0;
    const second = at > 1 ? (source[at - 2] as number) : 0;
    const behind = at + 1 < source.length ? (source[at + 1] as number) : 0;
    const { contexts } = this.#values;
    contexts[0] = (before << 10) | (second << 2) | texture;
    contexts[1] = (this.#last << 10) | (this.#earlier << 2) | this.#history;
    contexts[2] = (before << 10) | (behind << 2) | texture;
    const difference = this.#values.code(this.#coder, texture, value);
    this.#earlier = this.#last;
    this.#last = difference;
    return difference;
  }
}
