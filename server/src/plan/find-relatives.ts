import type { FileEntry } from '@swupd/manifests';
import { compareBytes, type Digest } from '@swupd/shared';
import type { ContentSketch } from './content-sketch.ts';

/** Sketches of contents. A file without one is not compared. */
export type Sketches = ReadonlyMap<Digest, ContentSketch>;

/** Old files that have content of a new one, by its digest: first the one that has most, then those with the most of the rest. */
export type Relatives = ReadonlyMap<Digest, readonly FileEntry[]>;

/** Hashes that tell which part of one content is in another, down to a few lines in a file of 128 KiB. */
export const SKETCH_HASHES = 4096;
/** A sketch with fewer hashes has all of its content. */
const COMPLETE_BELOW = 64;
/** The share of a file's hashes, and their number, that an old file must have of it, or add to what others have. */
const MIN_SHARE = 0.05;
const MIN_ADDED = 0.1;
const MIN_ADDED_HASHES = 4;
const RELATIVES_MAX = 4;
/** A shingle that many files share (a licence text) tells nothing, and would make the search quadratic. */
const MAX_SHARING = 64;
const MIN_SIZE = 64;
const MAX_SIZE = 16 * 1024 * 1024;

/** Whether a file is worth a sketch: not so small that a delta can't gain, nor so large that sampling takes long. */
export function isComparable({ size }: FileEntry): boolean {
  return size >= MIN_SIZE && size <= MAX_SIZE;
}

/**
 * The old files that a new one resembles, whole (renamed) or in part (split, merged, copied from), and of whatever size: what a
 * delta can't use of its source costs nothing.
 */
export function findRelatives(
  added: readonly FileEntry[],
  olds: readonly FileEntry[],
  sketches: Sketches,
): Relatives {
  const sharing = filesByHash(olds, sketches);
  const found = new Map<Digest, FileEntry[]>();
  for (const { digest } of added) {
    const relatives = coverSketch(sketches.get(digest) ?? [], sharing, sketches);
    if (relatives.length > 0) found.set(digest, relatives);
  }
  return found;
}

type Sharing = ReadonlyMap<number, readonly FileEntry[]>;

function filesByHash(files: readonly FileEntry[], sketches: Sketches): Sharing {
  const sharing = new Map<number, FileEntry[]>();
  for (const file of files) {
    for (const hash of sketches.get(file.digest) ?? []) {
      const others = sharing.get(hash);
      if (others === undefined) sharing.set(hash, [file]);
      else if (others.length < MAX_SHARING) others.push(file);
    }
  }
  return sharing;
}

/** Greedy: the file with the largest share, then the one with the largest share of what is left. */
function coverSketch(sketch: ContentSketch, sharing: Sharing, sketches: Sketches): FileEntry[] {
  const chosen: FileEntry[] = [];
  let open = sketch;
  while (chosen.length < RELATIVES_MAX) {
    const best = largestShare(open, sharing, sketches);
    if (best === undefined || best.share < MIN_SHARE) break;
    const more = best.share * open.length;
    if (chosen.length > 0 && (more < MIN_ADDED_HASHES || more < MIN_ADDED * sketch.length)) break;
    chosen.push(best.file);
    const covered = new Set(sketches.get(best.file.digest));
    open = open.filter((hash) => !covered.has(hash));
  }
  return chosen;
}

interface Share {
  readonly file: FileEntry;
  /** Of the sketch's hashes, an estimate from 0 to 1. */
  readonly share: number;
}

function largestShare(sketch: ContentSketch, sharing: Sharing, sketches: Sketches): Share | undefined {
  const common = new Map<FileEntry, number>();
  for (const hash of sketch)
    for (const file of sharing.get(hash) ?? []) common.set(file, (common.get(file) ?? 0) + 1);
  let best: Share | undefined;
  for (const [file, count] of common) {
    const candidate = { file, share: count / comparableHashes(sketch, sketches.get(file.digest) ?? []) };
    if (best === undefined || isBetter(candidate, best)) best = candidate;
  }
  return best;
}

/** How many of `sketch` the other one would have if its content had them: its own smallest hashes reach only so far. */
function comparableHashes(sketch: ContentSketch, other: ContentSketch): number {
  const limit = other.length < COMPLETE_BELOW ? Number.POSITIVE_INFINITY : (other.at(-1) ?? 0);
  let count = 0;
  while (count < sketch.length && (sketch[count] ?? 0) <= limit) count++;
  return Math.max(count, 1);
}

function isBetter(a: Share, b: Share): boolean {
  if (a.share !== b.share) return a.share > b.share;
  return (a.file.size - b.file.size || compareBytes(a.file.path, b.file.path)) < 0;
}
