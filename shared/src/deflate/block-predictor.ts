import { isBlockEnd } from './block-end.ts';
import { type BlockPlan, planBlock } from './block-plan.ts';
import { BlockStatistics } from './block-statistics.ts';
import { distanceOf, LITERAL, lengthOf, matchToken, PLAIN_PADDING } from './deflate-block.ts';
import type { EncoderProfile } from './encoder-profile.ts';
import { WINDOW } from './match-chains.ts';
import { BUFFER } from './read-buffer.ts';
import { TokenPredictor } from './token-predictor.ts';
import { BLOCK_WORK, workMax } from './work-max.ts';

/** Says what tokens, blocks and codes an encoder of a profile makes of a text, and follows what really came. */
export class BlockPredictor {
  readonly #plain: Uint8Array;
  readonly #size: number;
  readonly #profile: EncoderProfile;
  readonly #workMax: number;
  readonly #tokens: TokenPredictor;
  readonly #statistics = new BlockStatistics();
  #blocks = 0;
  #blockStart = 0;
  #tokenStart = 0;

  /** `plain` is padded (`padPlain`). */
  constructor(plain: Uint8Array, size: number, profile: EncoderProfile) {
    this.#plain = plain;
    this.#size = size;
    this.#profile = profile;
    this.#workMax = workMax(size);
    this.#tokens = new TokenPredictor(plain, size, profile);
  }

  /** Bytes of the text that are done. */
  get position(): number {
    return this.#tokens.position;
  }

  /** Steps so far, against `workMax`. */
  get work(): number {
    return this.#tokens.work + this.#blocks * BLOCK_WORK;
  }

  get isAtEnd(): boolean {
    return this.position === this.#size;
  }

  /** Whether the block ends here. */
  get endsBlock(): boolean {
    if (this.isAtEnd) return true;
    if (this.#statistics.tokens === 0) return false;
    return isBlockEnd(this.#statistics, this.#profile, this.#tokenStart - this.#blockStart);
  }

  /** @throws RangeError where there are too many */
  beginBlock(): void {
    this.#blocks += 1;
    this.#checkWork();
    this.#statistics.clear();
    this.#blockStart = this.position;
  }

  /**
   * The token that comes next; the text is not at its end.
   * @throws RangeError where the search has taken too long
   */
  predict(): number {
    this.#tokens.predict();
    this.#checkWork();
    return this.#tokens.length === 0 ? LITERAL : matchToken(this.#tokens.length, this.#tokens.distance);
  }

  /** Follows the token that came, which fits into the text. */
  accept(token: number): void {
    this.#tokenStart = this.position;
    if (token === LITERAL) this.#statistics.addLiteral(this.#plain[this.position] ?? 0);
    else this.#statistics.addMatch(lengthOf(token), distanceOf(token));
    this.#tokens.accept(lengthOf(token));
  }

  /** Passes over a stored block, up to `position`, whose tokens nobody knows. */
  passTo(position: number): void {
    if (position === this.#blockStart) this.#tokens.interrupt();
    else this.#tokens.restartAt(position);
  }

  /** How the block that has come to its end is written. */
  plan(): BlockPlan {
    const isThere = this.#blockStart >= this.#tokens.bufferStart;
    return planBlock(this.#statistics, isThere ? this.position - this.#blockStart : Number.POSITIVE_INFINITY);
  }

  #checkWork(): void {
    if (this.work > this.#workMax) throw new RangeError('a stream takes too long');
  }
}

/**
 * Fills what lies behind `size` bytes of text as the buffer of gzip has it there, once it has read all: two zeros, and behind
 * them what was there before.
 */
export function padPlain(plain: Uint8Array, size: number): void {
  const end = size + PLAIN_PADDING;
  plain.fill(0, size, end);
  if (size >= BUFFER) plain.copyWithin(size + 2, size + 2 - WINDOW, end - WINDOW);
}
