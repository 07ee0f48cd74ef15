import { MATCH_MAX, MATCH_MIN } from './alphabet.ts';
import type { EncoderProfile } from './encoder-profile.ts';

export const WINDOW = 32768;
/** Both encoders keep so much of the window free for what they read ahead. */
export const LOOKAHEAD_MIN = MATCH_MAX + MATCH_MIN + 1;
export const DISTANCE_MAX = WINDOW - LOOKAHEAD_MIN;
/** What `longest` gives where there is no match. */
export const NO_MATCH = MATCH_MIN - 1;

/** Bytes of the second hash. Once a match is as long, a longer one is among those that have them all. */
const LONG = 6;
const LONG_HASH_BITS = 15;
/** Below that many entries the second hash costs more than it saves. */
const LONG_CHAIN_MIN = 64;

/**
 * The positions of a text by the hash of their three bytes, chained from the last to the first, and the search of gzip and
 * zlib in them. A position is entered once, in ascending order. 0 ends a chain, so the first position is never found, as
 * with the models.
 *
 * The models look at every entry of a chain. Here a second chain, by the hash of six bytes, passes over most of those that can't
 * be longer than what is found already; a position's ordinal in its first chain says how many the models would have looked at.
 */
export class MatchChains {
  /** Where the last match found starts. */
  start = 0;
  /** Entries and bytes looked at; what bounds the time of a hostile text. */
  work = 0;
  readonly #bytes: Uint8Array;
  readonly #size: number;
  readonly #profile: EncoderProfile;
  readonly #shift: number;
  readonly #mask: number;
  /** Of each position's place in the tables below, which have no more of them than the text or the window. */
  readonly #slots: number;
  readonly #heads: Int32Array;
  readonly #previous: Int32Array;
  readonly #isLong: boolean;
  readonly #counts: Int32Array;
  readonly #ordinals: Int32Array;
  readonly #longHeads: Int32Array;
  readonly #longPrevious: Int32Array;

  /** `bytes` has at least 258 bytes more than `size`, which a gzip profile searches too. */
  constructor(bytes: Uint8Array, size: number, profile: EncoderProfile) {
    this.#bytes = bytes;
    this.#size = size;
    this.#profile = profile;
    this.#shift = Math.floor((profile.hashBits + MATCH_MIN - 1) / MATCH_MIN);
    this.#mask = (1 << profile.hashBits) - 1;
    this.#isLong = profile.chain >= LONG_CHAIN_MIN;
    const places = Math.min(WINDOW, 2 ** Math.ceil(Math.log2(size + 1)));
    this.#slots = places - 1;
    this.#heads = new Int32Array(1 << profile.hashBits);
    this.#previous = new Int32Array(places);
    this.#counts = new Int32Array(this.#isLong ? 1 << profile.hashBits : 0);
    this.#ordinals = new Int32Array(this.#isLong ? places : 0);
    this.#longHeads = new Int32Array(this.#isLong ? 1 << LONG_HASH_BITS : 0);
    this.#longPrevious = new Int32Array(this.#isLong ? places : 0);
  }

  /** Forgets all positions. */
  clear(): void {
    this.#heads.fill(0);
    this.#longHeads.fill(0);
    this.work += this.#heads.length;
  }

  /** Enters the positions from `from` to `to`, which is not among them. */
  enter(from: number, to: number): void {
    const bytes = this.#bytes;
    const shift = this.#shift;
    const mask = this.#mask;
    const slots = this.#slots;
    const end = this.#profile.gzip ? to : Math.min(to, this.#size - MATCH_MIN + 1);
    for (let at = from; at < end; at += 1) {
      const hash =
        (((bytes[at] ?? 0) << (2 * shift)) ^ ((bytes[at + 1] ?? 0) << shift) ^ (bytes[at + 2] ?? 0)) & mask;
      const slot = at & slots;
      this.#previous[slot] = this.#heads[hash] ?? 0;
      this.#heads[hash] = at;
      if (!this.#isLong) continue;
      const ordinal = (this.#counts[hash] ?? 0) + 1;
      this.#counts[hash] = ordinal;
      this.#ordinals[slot] = ordinal;
      const long = hashLong(bytes, at);
      this.#longPrevious[slot] = this.#longHeads[long] ?? 0;
      this.#longHeads[long] = at;
    }
    for (let at = Math.max(from, end); at < to; at += 1) this.#previous[at & slots] = 0;
  }

  /**
   * The length of the longest match at `at`, which has been entered, that is longer than `before`; else a smaller number.
   * Of equals the nearest.
   */
  longest(at: number, before: number): number {
    const bytes = this.#bytes;
    const slots = this.#slots;
    const ahead = this.#size - at;
    const nearest = this.#previous[at & slots] ?? 0;
    if (nearest === 0 || at - nearest > DISTANCE_MAX || before >= ahead) return NO_MATCH;
    const { chain, goodLength, niceLength, gzip } = this.#profile;
    const ordinals = this.#ordinals;
    const nice = gzip ? niceLength : Math.min(niceLength, ahead);
    const first = bytes[at] ?? 0;
    const second = bytes[at + 1] ?? 0;
    const third = bytes[at + 2] ?? 0;
    const entries = before >= goodLength ? chain >> 2 : chain;
    const farthest = (ordinals[at & slots] ?? 0) - entries;
    // The nearest entry may be one byte farther than the others.
    const limit = Math.max(0, at - DISTANCE_MAX);
    let isLong = this.#isLong && before >= LONG - 1;
    let previous = isLong ? this.#longPrevious : this.#previous;
    let candidate = previous[at & slots] ?? 0;
    let left = isLong ? WINDOW : entries;
    let best = before;
    let last = bytes[at + best] ?? 0;
    let lastButOne = bytes[at + best - 1] ?? 0;
    let work = left;
    while (left > 0 && (candidate > limit || (candidate === nearest && candidate !== 0))) {
      if (
        bytes[candidate + best] === last &&
        bytes[candidate + best - 1] === lastButOne &&
        bytes[candidate] === first &&
        bytes[candidate + 1] === second &&
        bytes[candidate + 2] === third
      ) {
        let length = 3;
        while (length < MATCH_MAX && bytes[candidate + length] === bytes[at + length]) length += 1;
        work += length;
        if (length > best) {
          if (isLong && (ordinals[candidate & slots] ?? 0) < farthest) break;
          this.start = candidate;
          best = length;
          if (length >= nice) break;
          last = bytes[at + best] ?? 0;
          lastButOne = bytes[at + best - 1] ?? 0;
          if (this.#isLong && !isLong && best >= LONG) {
            isLong = true;
            previous = this.#longPrevious;
            work += WINDOW - left;
            left = WINDOW;
          }
        }
      }
      candidate = previous[candidate & slots] ?? 0;
      left -= 1;
    }
    this.work += work - left;
    return best > before ? Math.min(best, ahead) : NO_MATCH;
  }
}

/** Of the six bytes at `at`. */
function hashLong(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
  const high = (bytes[at + 3] ?? 0) | ((bytes[at + 4] ?? 0) << 8) | ((bytes[at + 5] ?? 0) << 16);
  return Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b) >>> (32 - LONG_HASH_BITS);
}
