import { type Digest, filterX86, releaseBytes } from '@swupd/shared';
import type { ProgramSketch } from '../plan/choose-filters.ts';
import { COMPRESSION } from '../plan/compression-plan.ts';
import { sketchContent } from '../plan/content-sketch.ts';
import { readBlob, type StoredObject } from './stored-blob.ts';

/** Between how many bytes programs are compared: the little that small ones share is gained either way. */
const MIN_SIZE = 256 * 1024;
/** Enough for an error of about 0.03. */
const HASHES = 256;
const NOT_COMPARED: ProgramSketch = { plain: [], filtered: [] };

/** For each of some blobs, in their order, its sketches if it is a program that can be filtered. */
export function sketchPrograms(
  blobs: readonly (StoredObject & { readonly digest: Digest })[],
): (ProgramSketch | undefined)[] {
  return blobs.map((blob) => {
    const bytes = readBlob(blob);
    const filtered = filterX86(bytes);
    const sketch = filtered && sketchBoth(bytes, filtered);
    releaseBytes(bytes, ...(filtered === undefined ? [] : [filtered]));
    return sketch;
  });
}

function sketchBoth(plain: Uint8Array, filtered: Uint8Array): ProgramSketch {
  if (plain.length < MIN_SIZE || plain.length >= COMPRESSION.largeMember) return NOT_COMPARED;
  return { plain: sketchContent(plain, HASHES), filtered: sketchContent(filtered, HASHES) };
}
