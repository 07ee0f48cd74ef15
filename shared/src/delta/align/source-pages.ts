import { releaseBuffer } from '../../release-bytes.ts';
import { DeltaError } from '../delta-error.ts';
import type { DeltaSource } from '../delta-source.ts';
import { BYTES_BEFORE, BYTES_BEHIND } from './difference-model.ts';

/** Bytes that are read at once, and how many such pages are remembered: 8 MiB in all. */
const PAGE = 2 ** 14;
const PAGES = 512;
/** Bytes of the next page that each page has too, so that a reference at its end can be read. */
export const LOOKAHEAD = 64;
/** Bytes of a page's buffer: what comes before and behind is for the prediction of differences. */
const BUFFER = BYTES_BEFORE + PAGE + LOOKAHEAD + BYTES_BEHIND;
/** Pages that may be read again, for each one that the source has: copies that jump to and fro to have all read a million times. */
const REREADS = 16;
const REREADS_MIN = 4096;

/** A part of the old blob, of which only some pages are in memory. */
export class SourcePages {
  /** The page of the last `load` with bytes around it, and the position in the part that its first byte has (-BYTES_BEFORE for the first page). */
  page: Uint8Array = new Uint8Array(0);
  start = 0;
  readonly #source: DeltaSource;
  readonly #offset: number;
  readonly #size: number;
  /** One buffer for all, so that it can be given back at once. */
  readonly #pages: Uint8Array;
  readonly #slots: number;
  /** Which page each slot holds. */
  readonly #held: Int32Array;
  /** Each slot's part of the buffer, once it has been needed. */
  readonly #views: Uint8Array[] = [];
  #present = -1;
  #readsLeft: number;

  constructor(source: DeltaSource, offset: number, size: number) {
    this.#source = source;
    this.#offset = offset;
    this.#size = size;
    this.#slots = Math.min(PAGES, Math.max(1, Math.ceil(size / PAGE)));
    this.#held = new Int32Array(this.#slots).fill(-1);
    this.#pages = new Uint8Array(this.#slots * BUFFER);
    this.#readsLeft = REREADS_MIN + REREADS * Math.ceil(size / PAGE);
  }

  /**
   * Makes the page of `position` the present one, and gives where it ends (without what it has of the next).
   * @throws DeltaError `bad-delta`; what the source's read throws
   */
  load(position: number): number {
    const number = Math.floor(position / PAGE);
    if (number !== this.#present) this.#turnTo(number);
    return Math.min((number + 1) * PAGE, this.#size);
  }

  /** Gives the memory back; nothing can be loaded after. */
  release(): void {
    releaseBuffer(this.#pages);
  }

  #turnTo(number: number): void {
    const slot = number % this.#slots;
    this.start = number * PAGE - BYTES_BEFORE;
    this.page = this.#views[slot] ??= this.#pages.subarray(slot * BUFFER, (slot + 1) * BUFFER);
    if (this.#held[slot] !== number) this.#read(slot, number);
    this.#present = number;
  }

  #read(slot: number, number: number): void {
    this.#readsLeft -= 1;
    if (this.#readsLeft < 0) throw new DeltaError('bad-delta', 'the delta reads its source again and again');
    this.#held[slot] = number;
    const { page } = this;
    const first = Math.max(0, -this.start);
    const end = Math.min(BUFFER, this.#size - this.start);
    // What is outside the part counts as 0.
    page.fill(0, 0, first).fill(0, end);
    for (let done = first; done < end; ) {
      const count = this.#source.read(page.subarray(done, end), this.#offset + this.start + done);
      if (count === 0) throw new DeltaError('bad-delta', 'the source of the delta has become shorter');
      done += count;
    }
  }
}
