import { MATCH_MIN } from './alphabet.ts';
import type { EncoderProfile } from './encoder-profile.ts';
import { MatchChains, NO_MATCH, WINDOW } from './match-chains.ts';
import { ReadBuffer } from './read-buffer.ts';

/** Distance from which on a match of three bytes is not worth taking, for lazy encoders; and the length for Z_FILTERED. */
const TOO_FAR = 4096;
const FILTERED_MAX = 5;

/**
 * Says, token for token, what an encoder of the profile takes next, and is told what was taken: it goes on from there as if it
 * had been the encoder's own choice. Both sides do the same, so their searches agree.
 */
export class TokenPredictor {
  /** The predicted token: a match of `length` bytes, or a literal where it is 0. */
  length = 0;
  distance = 0;
  readonly #chains: MatchChains;
  readonly #profile: EncoderProfile;
  readonly #size: number;
  readonly #buffer: ReadBuffer;
  #position = 0;
  /** Positions below this are in the chains. */
  #entered = 0;
  /** The match at the position, where it is known from the look ahead at the last one; else 0. */
  #heldLength = 0;
  #heldDistance = 0;
  /** What the look ahead from the position has found at the next one. */
  #nextLength = 0;
  #nextDistance = 0;

  /** `bytes` as `MatchChains` has them. */
  constructor(bytes: Uint8Array, size: number, profile: EncoderProfile) {
    this.#chains = new MatchChains(bytes, size, profile);
    this.#profile = profile;
    this.#size = size;
    this.#buffer = new ReadBuffer(size);
  }

  get position(): number {
    return this.#position;
  }

  /** The first byte of the text that the encoder still has. */
  get bufferStart(): number {
    return this.#buffer.start;
  }

  get work(): number {
    return this.#chains.work;
  }

  /** Sets `length` and `distance` to what comes next; the position is not at the end. */
  predict(): void {
    const at = this.#position;
    this.#buffer.visit(at);
    this.#nextLength = 0;
    this.length = this.#heldLength;
    this.distance = this.#heldDistance;
    if (this.#heldLength === 0) {
      this.#enterTo(at + 1);
      this.length = this.#search(at, NO_MATCH);
      this.distance = at - this.#chains.start;
    }
    if (this.#profile.lazy) this.#buffer.visit(at + 1);
    if (this.length < MATCH_MIN) this.length = 0;
    else if (this.#profile.lazy && this.length < this.#profile.lazyMax) this.#lookAhead(at + 1);
  }

  /** Goes on behind a literal, or a match where `length` isn't 0. */
  accept(length: number): void {
    if (length === 0) {
      this.#position += 1;
      this.#heldLength = this.#nextLength;
      this.#heldDistance = this.#nextDistance;
      return;
    }
    const end = this.#position + length;
    this.#heldLength = 0;
    if (this.#profile.lazy || length <= this.#profile.lazyMax) this.#enterTo(end);
    else this.#enterTo(this.#position + 1);
    this.#position = end;
    this.#entered = Math.max(this.#entered, end);
  }

  /** What came was no choice of the encoder: the look ahead is of no use. */
  interrupt(): void {
    this.#heldLength = 0;
  }

  /** Goes on at `position`, behind bytes whose tokens nobody knows. */
  restartAt(position: number): void {
    this.interrupt();
    this.#position = position;
    this.#chains.clear();
    this.#entered = Math.max(0, position - WINDOW);
    this.#enterTo(position);
  }

  #lookAhead(at: number): void {
    if (at >= this.#size) return;
    this.#enterTo(at + 1);
    const length = this.#search(at, this.length);
    if (length <= this.length) return;
    this.#nextLength = length;
    this.#nextDistance = at - this.#chains.start;
    this.length = 0;
  }

  #search(at: number, before: number): number {
    if (this.#profile.gzip && this.#buffer.isBlindAt(at)) return NO_MATCH;
    const length = this.#chains.longest(at, before);
    if (!this.#profile.lazy) return length;
    const distance = at - this.#chains.start;
    if (length === MATCH_MIN && distance > TOO_FAR) return NO_MATCH;
    return this.#profile.filtered && length <= FILTERED_MAX ? NO_MATCH : length;
  }

  #enterTo(end: number): void {
    if (end <= this.#entered) return;
    this.#chains.enter(this.#entered, end);
    this.#entered = end;
  }
}
