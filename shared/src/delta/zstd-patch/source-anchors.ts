import { type DeltaSource, readSource } from '../delta-source.ts';
import type { Span } from './zstd-patch-piece.ts';

/** Bytes that are compared by their hash. */
const BLOCK = 64;
/** Places of a piece that are looked up. */
const SAMPLES = 1024;
/** Fewer agreeing places say nothing. */
const VOTES_MIN = 8;
/** Blocks that are remembered at most: what bounds the memory (16 bytes each). */
const BLOCKS_MAX = 2 ** 20;
/** In place of a block: this hash occurs more than once, so it tells no place. */
const AMBIGUOUS = -1;
/** The source is read in parts of this size: a multiple of every spacing. */
const READ_SIZE = 2 ** 20;

/** Finds where the content of a piece lay in the old blob, whatever was inserted, removed or moved before it. */
export class SourceAnchors {
  readonly #size: number;
  /** Distance between two remembered blocks. */
  readonly #spacing: number;
  readonly #mask: number;
  /** For each slot the number of a block plus one, or 0, and the hash of that block. */
  readonly #blocks: Int32Array;
  readonly #hashes: Int32Array;

  /** Reads the source once, front to back. */
  constructor(source: DeltaSource) {
    this.#size = source.size;
    this.#spacing = BLOCK;
    while (source.size / this.#spacing > BLOCKS_MAX) this.#spacing *= 2;
    const slots = 2 ** Math.ceil(Math.log2(Math.max(2, (2 * source.size) / this.#spacing)));
    this.#mask = slots - 1;
    this.#blocks = new Int32Array(slots);
    this.#hashes = new Int32Array(slots);
    for (let start = 0, block = 1; start < source.size; start += READ_SIZE) {
      const view = viewOf(readSource(source, start, Math.min(READ_SIZE, source.size - start)));
      for (let at = 0; at + BLOCK <= view.byteLength; at += this.#spacing, block += 1) {
        this.#remember(hashBlock(view, at), block);
      }
    }
  }

  /**
   * The region of the source that shares most with `piece`: `margin` bytes more on both sides, as far as there are any. Where
   * the content tells nothing, the region at the same share of both blobs.
   * @param place where the piece begins in the target, and the size of that
   */
  regionFor(
    piece: Uint8Array,
    place: { readonly start: number; readonly targetSize: number },
    margin: number,
  ): Span {
    const middle = (place.start + piece.length / 2) / place.targetSize;
    const start =
      densest(this.#startsOf(piece), 2 * margin) ?? Math.round(middle * this.#size - piece.length / 2);
    const length = Math.min(this.#size, piece.length + 2 * margin);
    return { start: Math.min(Math.max(0, start - margin), this.#size - length), length };
  }

  #remember(hash: number, block: number): void {
    const slot = hash & this.#mask;
    if (this.#blocks[slot] === 0) {
      this.#blocks[slot] = block;
      this.#hashes[slot] = hash;
    } else if (this.#hashes[slot] === hash) {
      this.#blocks[slot] = AMBIGUOUS;
    }
  }

  /** Where in the source the piece would have to start, by each of its samples that is found there; sorted. */
  #startsOf(piece: Uint8Array): number[] {
    const view = viewOf(piece);
    const stride = Math.max(this.#spacing, Math.floor(piece.length / SAMPLES));
    const end = piece.length - BLOCK;
    const starts: number[] = [];
    for (let sample = 0; sample <= end; sample += stride) {
      const last = Math.min(sample + this.#spacing - 1, end);
      for (let at = sample; at <= last; at += 1) {
        const found = this.#find(hashBlock(view, at));
        if (found === undefined) continue;
        starts.push(found - at);
        break;
      }
    }
    return starts.sort((a, b) => a - b);
  }

  #find(hash: number): number | undefined {
    const slot = hash & this.#mask;
    const block = this.#blocks[slot] ?? 0;
    return block > 0 && this.#hashes[slot] === hash ? (block - 1) * this.#spacing : undefined;
  }
}

/** The middle of the `width` that holds most of the sorted `values`, the lowest of equals. */
function densest(values: readonly number[], width: number): number | undefined {
  let best = { count: 0, middle: 0 };
  let low = 0;
  for (const [high, value] of values.entries()) {
    while (value - (values[low] ?? value) > width) low += 1;
    const count = high - low + 1;
    if (count > best.count) best = { count, middle: Math.floor((value + (values[low] ?? value)) / 2) };
  }
  return best.count >= VOTES_MIN ? best.middle : undefined;
}

function hashBlock(view: DataView, start: number): number {
  let hash = 0;
  for (let at = start; at < start + BLOCK; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
