import type { Digest } from '@swupd/shared';
import { type ContentSketch, sketchContent } from '../plan/content-sketch.ts';
import { SKETCH_HASHES } from '../plan/find-relatives.ts';
import { readBlob, type StoredObject } from './stored-blob.ts';

/** Sketches of some blobs, in their order. */
export function sketchBlobs(blobs: readonly (StoredObject & { readonly digest: Digest })[]): ContentSketch[] {
  return blobs.map((blob) => sketchContent(readBlob(blob), SKETCH_HASHES));
}
