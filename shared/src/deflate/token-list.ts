import { BLOCK_TOKENS_MAX } from './deflate-block.ts';

/** The tokens of a block while it grows. */
export class TokenList {
  #tokens = new Uint32Array(4096);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** The tokens so far; a view that is good until the next change. */
  get view(): Uint32Array {
    return this.#tokens.subarray(0, this.#count);
  }

  /** @throws RangeError where a block can't have more */
  push(token: number): void {
    if (this.#count === this.#tokens.length) this.#grow();
    this.#tokens[this.#count] = token;
    this.#count += 1;
  }

  clear(): void {
    this.#count = 0;
  }

  #grow(): void {
    if (this.#count >= BLOCK_TOKENS_MAX) throw new RangeError('a block has too many tokens');
    const tokens = new Uint32Array(2 * this.#count);
    tokens.set(this.#tokens);
    this.#tokens = tokens;
  }
}
