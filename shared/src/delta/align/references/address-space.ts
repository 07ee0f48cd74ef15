/** Bytes of a file that a program finds at another place in memory. Addresses are the lower 32 bits. */
export interface Segment {
  readonly offset: number;
  readonly size: number;
  readonly address: number;
  /** Bytes in memory, at least `size`: what is behind has no bytes in the file. */
  readonly memory: number;
}

/** The address of `offset`, or undefined where it is in no segment. */
export function addressOf(segments: readonly Segment[], offset: number): number | undefined {
  for (const segment of segments) {
    if (offset >= segment.offset && offset < segment.offset + segment.size)
      return (segment.address + (offset - segment.offset)) | 0;
  }
  return undefined;
}

/** The offset of `address`, or -1 where no byte of the file is there. */
export function offsetOf(segments: readonly Segment[], address: number): number {
  for (const segment of segments) {
    const within = (address - segment.address) >>> 0;
    if (within < segment.size) return segment.offset + within;
  }
  return -1;
}

/** The lowest address of all and the bytes from there to the highest; `span` 0 where there is none. */
export function extentOf(segments: readonly Segment[]): { readonly low: number; readonly span: number } {
  if (segments.length === 0) return { low: 0, span: 0 };
  let low = 0xffffffff;
  let high = 0;
  for (const { address, memory } of segments) {
    low = Math.min(low, address >>> 0);
    high = Math.max(high, (address >>> 0) + memory);
  }
  return { low, span: Math.min(high - low, 0xffffffff) };
}
