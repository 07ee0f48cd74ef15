import type { Segment } from './address-space.ts';
import type { Layout } from './layout.ts';
import type { Region } from './region.ts';

/**
 * Cuts copies into stretches: bytes that lie in one region, one segment of the source and one of the target. Writer and reader cut in
 * the same places.
 */
export class StretchFinder {
  /** Of the stretch that was found last: its region, where it ends in the source, and the addresses of both files' position 0. */
  region: Region | undefined;
  end = 0;
  sourceAddress = 0;
  targetAddress = 0;
  readonly #layout: Layout;
  /** The first region behind the last position: copies mostly go on from there. */
  #next = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  /** The stretch from `source` and `target` on, up to `end` in the source at most. */
  find(source: number, target: number, end: number): void {
    this.end = Math.min(end, this.#findRegion(source));
    const from = segmentAt(this.#layout.source, source);
    const to = segmentAt(this.#layout.target, target);
    this.sourceAddress = from.address;
    this.targetAddress = to.address;
    this.end = Math.min(this.end, from.end, source + (to.end - target));
  }

  /** Sets the region, and gives where it or the gap between two ends. */
  #findRegion(position: number): number {
    const { regions } = this.#layout;
    while (this.#next > 0 && (regions[this.#next - 1] as Region).start > position) this.#next -= 1;
    while (this.#next < regions.length && (regions[this.#next] as Region).start <= position) this.#next += 1;
    const region = regions[this.#next - 1];
    const within = region !== undefined && position < region.start + region.length;
    this.region = within ? region : undefined;
    return within ? region.start + region.length : (regions[this.#next]?.start ?? Number.MAX_SAFE_INTEGER);
  }
}

/** Address of position 0 as the segment of `offset` has it (0 where there is none), and where that changes. */
function segmentAt(
  segments: readonly Segment[],
  offset: number,
): { readonly address: number; readonly end: number } {
  let end = Number.MAX_SAFE_INTEGER;
  for (const segment of segments) {
    if (offset < segment.offset) end = Math.min(end, segment.offset);
    else if (offset < segment.offset + segment.size)
      return { address: (segment.address - segment.offset) | 0, end: segment.offset + segment.size };
  }
  return { address: 0, end };
}
