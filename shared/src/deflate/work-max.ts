/** Steps of a search that any text may take, and more for each byte. `gzip -9` takes 5 to 40 a byte for text and programs. */
const WORK_FREE = 2 ** 20;
const WORK_PER_BYTE = 128;

/** What a block takes beside its tokens, in such steps: a few bytes of a correction may ask for a million empty ones. */
export const BLOCK_WORK = 2 ** 12;

/** Blocks that a text of `size` bytes may be written in. */
export function blocksMax(size: number): number {
  return Math.floor(workMax(size) / BLOCK_WORK);
}

/** Steps of searching that a text of `size` bytes may take; a stream that takes more is not taken apart. */
export function workMax(size: number): number {
  return WORK_FREE + WORK_PER_BYTE * size;
}
