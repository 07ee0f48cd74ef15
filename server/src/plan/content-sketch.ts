/** The smallest hashes of a content's shingles (bottom-k MinHash, Broder 1997), sorted: alike contents share many of them. */
export type ContentSketch = readonly number[];

/** As many tell alike contents from others, with an error of about 0.06. */
const HASHES = 64;
/** One shingle in so many is looked at; contents are alike at the same places, wherever those have moved to. */
const SAMPLE_MASK = 0x1f;

/** The sketch of `bytes`, with up to `hashes` hashes. Shingles are the last 32 bytes at each position, through a gear hash. */
export function sketchContent(bytes: Uint8Array, hashes = HASHES): ContentSketch {
  let smallest = new Set<number>();
  let limit = 0xffffffff;
  let hash = 0;
  for (const byte of bytes) {
    hash = ((hash << 1) + (GEAR[byte] ?? 0)) | 0;
    if (((hash >>> 16) & SAMPLE_MASK) !== 0) continue;
    const value = mix(hash);
    if (value >= limit) continue;
    smallest.add(value);
    if (smallest.size < 4 * hashes) continue;
    const kept = [...smallest].sort((a, b) => a - b).slice(0, hashes);
    smallest = new Set(kept);
    limit = kept.at(-1) ?? limit;
  }
  return [...smallest].sort((a, b) => a - b).slice(0, hashes);
}

/** An estimate of the share of shingles that two contents have in common, from 0 to 1. */
export function similarity(a: ContentSketch, b: ContentSketch): number {
  const size = Math.min(a.length, b.length);
  if (size === 0) return 0;
  let both = 0;
  let seen = 0;
  for (let i = 0, j = 0; seen < size && i < a.length && j < b.length; seen++) {
    const left = a[i] ?? 0;
    const right = b[j] ?? 0;
    if (left === right) both++;
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return both / size;
}

/** Murmur3's finalizer: spreads the sampled hashes evenly. */
function mix(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A fixed pseudo-random number for each byte. */
const GEAR: Int32Array = Int32Array.from(
  { length: 256 },
  (_, byte) => mix(Math.imul(byte + 1, 0x9e3779b1)) | 0,
);
