import { LOOKAHEAD_MIN, WINDOW } from './match-chains.ts';

/** Two windows, of which the lower one goes when the upper one is nearly used up. */
export const BUFFER = 2 * WINDOW;
/** From this offset on there is too little left to look ahead. */
const LAST_OFFSET = BUFFER - LOOKAHEAD_MIN;

/** Where the buffer that gzip and zlib read a text into lies in the text, as they come along. */
export class ReadBuffer {
  #start = 0;
  #hasAll = false;
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** The first byte that is still there. */
  get start(): number {
    return this.#start;
  }

  /** The encoder comes to `position`, and reads on where it can't look far enough ahead. */
  visit(position: number): void {
    while (!this.#hasAll && Math.min(this.#size, this.#start + BUFFER) - position < LOOKAHEAD_MIN) {
      this.#hasAll = this.#start + BUFFER > this.#size;
      if (position - this.#start >= LAST_OFFSET) this.#start += WINDOW;
    }
  }

  /** Whether GNU gzip looks for no match here: it has read all, and did not move the buffer. */
  isBlindAt(position: number): boolean {
    return position - this.#start > LAST_OFFSET;
  }
}
