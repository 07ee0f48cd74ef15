import { type BitCoder, bitModels } from './coding/bit-coder.ts';
import { GuessTable, TRUSTS } from './coding/guess-table.ts';
import { NumberModel } from './coding/number-model.ts';

/** Kinds of content whose differences are predicted apart: plain bytes, code, tables. */
const TEXTURES = 3;
const HISTORIES = 4;
/** Bytes around a difference that it is predicted from. */
export const BYTES_BEFORE = 1;
export const BYTES_BEHIND = 1;

const GAP_BITS = 12;
const VALUE_BITS = 14;
const GAP_MAX = 255;

/**
 * Codes gaps and differences in turn: how many bytes are as in the source, by how much the next one isn't. Both mostly repeat what
 * followed the same things before, which takes one bit that is nearly certain; only what was guessed wrongly is spelled out.
 */
export class DifferenceModel {
  readonly #coder: BitCoder;
  readonly #gapGuesses = new GuessTable(GAP_BITS);
  readonly #gapWrong = bitModels(TRUSTS * HISTORIES);
  readonly #gaps = new NumberModel(HISTORIES);
  /** By the differences before, and by the bytes around. */
  readonly #sequels = new GuessTable(VALUE_BITS);
  readonly #neighbours = new GuessTable(VALUE_BITS);
  readonly #sequelWrong = bitModels(TRUSTS * 2 * TEXTURES);
  readonly #neighbourWrong = bitModels(TRUSTS * TEXTURES);
  readonly #values = bitModels(TEXTURES * HISTORIES * 256);
  /** Whether the last gap was empty, and the one before: 1 and 2. */
  #history = 0;
  /** The last gaps, GAP_MAX at most, and the last differences. */
  #gap = 0;
  #earlierGap = 0;
  #last = 0;
  #earlier = 0;

  constructor(coder: BitCoder) {
    this.#coder = coder;
  }

  /** Gives the memory of the tables back; nothing can be coded after. */
  release(): void {
    for (const table of [this.#gapGuesses, this.#sequels, this.#neighbours]) table.release();
  }

  /** The bytes up to the next difference, or END. */
  gap(value: number): number {
    const guesses = this.#gapGuesses;
    const slot = guesses.slotOf((this.#last << 16) | (this.#gap << 8) | this.#earlierGap);
    const guess = guesses.guess(slot);
    const at = guesses.trust(slot) * HISTORIES + this.#history;
    const wrong = this.#coder.bit(this.#gapWrong, at, value === guess ? 0 : 1);
    const gap = wrong === 0 ? guess : this.#gaps.code(this.#coder, this.#history, value);
    guesses.learn(slot, gap);
    this.#history = ((this.#history << 1) & 2) | (gap === 0 ? 1 : 0);
    this.#earlierGap = this.#gap;
    this.#gap = Math.min(gap, GAP_MAX);
    return gap;
  }

  /** What is added to the byte at `at` of `source`. Bytes around it that are outside the buffer count as 0. */
  difference(source: Uint8Array, at: number, texture: number, value: number): number {
    const before = at > 0 ? (source[at - 1] as number) : 0;
    const behind = at + 1 < source.length ? (source[at + 1] as number) : 0;
    const sequel = this.#sequels.slotOf((this.#last << 10) | (this.#earlier << 2) | this.#history);
    const neighbour = this.#neighbours.slotOf((before << 10) | (behind << 2) | texture);
    const difference = this.#choose(sequel, neighbour, texture, value);
    this.#sequels.learn(sequel, difference);
    this.#neighbours.learn(neighbour, difference);
    this.#earlier = this.#last;
    this.#last = difference;
    return difference;
  }

  #choose(sequel: number, neighbour: number, texture: number, value: number): number {
    const coder = this.#coder;
    const first = this.#sequels.guess(sequel);
    const second = this.#neighbours.guess(neighbour);
    const agrees = first === second ? 1 : 0;
    const at = (this.#sequels.trust(sequel) * 2 + agrees) * TEXTURES + texture;
    if (coder.bit(this.#sequelWrong, at, value === first ? 0 : 1) === 0) return first;
    if (agrees === 0) {
      const other = this.#neighbours.trust(neighbour) * TEXTURES + texture;
      if (coder.bit(this.#neighbourWrong, other, value === second ? 0 : 1) === 0) return second;
    }
    return coder.tree(this.#values, (texture * HISTORIES + this.#history) * 256, 8, value);
  }
}
