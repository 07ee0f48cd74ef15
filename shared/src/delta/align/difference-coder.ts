import type { BitCoder } from './coding/bit-coder.ts';
import { END } from './coding/number-model.ts';
import { BYTES_BEFORE, DifferenceModel } from './difference-model.ts';

/**
 * The bytes of copies that are not as in the source, as gaps and values. The bytes of references don't count. Plain parameters, as
 * both run once for each reference.
 */
export interface DifferenceCoder {
  /** `count` bytes of `source` from `from` on, which lie in `target` at `to` (copied already, where a reader runs). */
  run(source: Uint8Array, from: number, target: Uint8Array, to: number, count: number, texture: number): void;
  /** The same for `count` bytes of `source` from BYTES_BEFORE on, which nobody has copied. */
  patch(source: Uint8Array, target: Uint8Array, to: number, count: number, texture: number): void;
}

/** Finds the differences and writes them. */
export class DifferenceWriter implements DifferenceCoder {
  readonly #model: DifferenceModel;
  #gap = 0;

  constructor(coder: BitCoder) {
    this.#model = new DifferenceModel(coder);
  }

  run(
    source: Uint8Array,
    from: number,
    target: Uint8Array,
    to: number,
    count: number,
    texture: number,
  ): void {
    for (let index = 0; index < count; index += 1) {
      const difference = ((target[to + index] as number) - (source[from + index] as number)) & 0xff;
      if (difference === 0) {
        this.#gap += 1;
        continue;
      }
      this.#model.gap(this.#gap);
      this.#model.difference(source, from + index, texture, difference);
      this.#gap = 0;
    }
  }

  patch(source: Uint8Array, target: Uint8Array, to: number, count: number, texture: number): void {
    this.run(source, BYTES_BEFORE, target, to, count, texture);
  }

  /** Behind the last run. */
  finish(): void {
    this.#model.gap(END);
  }
}

/** Reads the differences and puts them into the target. */
export class DifferenceReader implements DifferenceCoder {
  readonly #model: DifferenceModel;
  /** Bytes up to the next difference. */
  #gap: number;

  constructor(coder: BitCoder) {
    this.#model = new DifferenceModel(coder);
    this.#gap = this.#model.gap(0);
  }

  run(
    source: Uint8Array,
    from: number,
    target: Uint8Array,
    to: number,
    count: number,
    texture: number,
  ): void {
    if (this.#gap >= count) this.#gap -= count;
    else this.#apply(source, from, target, to, count, texture);
  }

  patch(source: Uint8Array, target: Uint8Array, to: number, count: number, texture: number): void {
    for (let index = 0; index < count; index += 1)
      target[to + index] = source[BYTES_BEFORE + index] as number;
    this.run(source, BYTES_BEFORE, target, to, count, texture);
  }

  /** Gives the memory of the models back; nothing can be read after. */
  release(): void {
    this.#model.release();
  }

  #apply(
    source: Uint8Array,
    from: number,
    target: Uint8Array,
    to: number,
    count: number,
    texture: number,
  ): void {
    let index = this.#gap;
    while (index < count) {
      const difference = this.#model.difference(source, from + index, texture, 0);
      target[to + index] = ((target[to + index] as number) + difference) & 0xff;
      index += 1 + this.#model.gap(0);
    }
    this.#gap = index - count;
  }
}
