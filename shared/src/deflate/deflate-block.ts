/** Block types as the format numbers them. RFC 1951, section 3.2.3. */
export const STORED = 0;
export const FIXED = 1;
export const DYNAMIC = 2;
export type BlockType = typeof STORED | typeof FIXED | typeof DYNAMIC;
/** The lengths of a stored block have 16 bits. */
export const STORED_MAX = 0xffff;

/** One block of a deflate stream, taken apart. */
export interface DeflateBlock {
  readonly isLast: boolean;
  readonly type: BlockType;
  /** Bytes of plain text. */
  readonly size: number;
  /** None in a stored block. */
  readonly tokens: Uint32Array;
  /** Of a dynamic block, the bits that say its codes; else none. */
  readonly header: HeaderBits | undefined;
}

/** The first bit is the lowest of the first byte; the bits behind the last one are zero. */
export interface HeaderBits {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** Plain text and blocks: all that a deflate stream is, but for the bits that fill its last byte, which are zero. */
export interface DeflateStream {
  /** Has `PLAIN_PADDING` bytes behind `size` that belong to nobody. */
  readonly plain: Uint8Array;
  readonly size: number;
  readonly blocks: readonly DeflateBlock[];
  /** Bytes of the stream. */
  readonly length: number;
}

/** Bytes behind a plain text that a search may look at. */
export const PLAIN_PADDING = 260;
/** A block with more tokens is not taken apart: both sides hold the tokens of a block. */
export const BLOCK_TOKENS_MAX = 1 << 20;
/** A token is 0 for a literal, whose byte is in the plain text, or else length << 16 | distance. */
export const LITERAL = 0;

export function matchToken(length: number, distance: number): number {
  return (length << 16) | distance;
}

export function lengthOf(token: number): number {
  return token >>> 16;
}

export function distanceOf(token: number): number {
  return token & 0xffff;
}
