import { releaseBuffer } from '../../../release-bytes.ts';

/** Bits of how often a guess was right of late. */
const TRUST_BITS = 4;
const TRUST_MAX = 2 ** TRUST_BITS - 1;
/** Numbers that can be guessed are smaller. */
const GUESS_END = 2 ** (16 - TRUST_BITS);

/** Levels of trust in a guess. */
export const TRUSTS = TRUST_MAX + 1;

/** Guesses the number that comes next from the one that came last time after the same things. */
export class GuessTable {
  readonly #bits: number;
  /** The guess above how far it is trusted. */
  readonly #slots: Uint16Array;

  /** 2^`bits` slots. */
  constructor(bits: number) {
    this.#bits = bits;
    this.#slots = new Uint16Array(2 ** bits);
  }

  /** Where a guess lies that `key` (32 bits) leads to; others may lie there as well. */
  slotOf(key: number): number {
    return Math.imul(key + 1, 0x9e3779b1) >>> (32 - this.#bits);
  }

  guess(slot: number): number {
    return (this.#slots[slot] as number) >>> TRUST_BITS;
  }

  /** 0 to TRUSTS - 1. */
  trust(slot: number): number {
    return (this.#slots[slot] as number) & TRUST_MAX;
  }

  /** A right guess is trusted more, a wrong one half as much, until another one takes its place. */
  learn(slot: number, actual: number): void {
    const guess = this.guess(slot);
    const trust = this.trust(slot);
    if (actual === guess) this.#slots[slot] = (guess << TRUST_BITS) | (trust < TRUST_MAX ? trust + 1 : trust);
    else if (trust > 1) this.#slots[slot] = (guess << TRUST_BITS) | (trust >> 1);
    else this.#slots[slot] = (actual < GUESS_END ? actual : GUESS_END - 1) << TRUST_BITS;
  }

  /** Gives the memory back; nothing can be guessed after. */
  release(): void {
    releaseBuffer(this.#slots);
  }
}
