/** Steps of a search that any text may take, and more for each byte. `gzip -9` takes 5 to 40 a byte for text and programs. */
const WORK_FREE = 2 ** 20;
const WORK_PER_BYTE = 128;

/** Steps of searching that a text of `size` bytes may take; a stream that takes more is not taken apart. */
export function workMax(size: number): number {
  return WORK_FREE + WORK_PER_BYTE * size;
}
