import type { FileEntry } from '@swupd/manifests';
import { type Digest, nameOf, parentOf } from '@swupd/shared';
import { type ContentSketch, similarity } from './content-sketch.ts';
import { extensionOf } from './file-family.ts';
import { type FilePair, pathShape } from './pair-files.ts';

/** Sketches of contents. A file without one is not compared. */
export type Sketches = ReadonlyMap<Digest, ContentSketch>;

const MIN_SIMILARITY = 0.1;
/** A shingle that many files share (a licence text) tells nothing, and would make the search quadratic. */
const MAX_SHARING = 64;
const MIN_SIZE = 64;
const MAX_SIZE = 16 * 1024 * 1024;
const SIZE_FACTOR = 2;

/** Whether a file is worth a sketch: not so small that a delta can't gain, nor so large that sampling takes long. */
export function isComparable({ size }: FileEntry): boolean {
  return size >= MIN_SIZE && size <= MAX_SIZE;
}

/**
 * Pairs each added file with the removed one that is most like it: of a size within a factor of two, related by directory,
 * extension or base name, and with enough content in common.
 */
export function pairByContent(
  added: readonly FileEntry[],
  removed: readonly FileEntry[],
  sketches: Sketches,
): FilePair[] {
  const sharing = filesByHash(removed, sketches);
  return added.flatMap((to) => {
    const sketch = sketches.get(to.digest) ?? [];
    const candidates = new Set(sketch.flatMap((hash) => sharing.get(hash) ?? []));
    const from = mostAlike(to, [...candidates], sketches);
    return from === undefined ? [] : [{ from, to }];
  });
}

function filesByHash(files: readonly FileEntry[], sketches: Sketches): Map<number, FileEntry[]> {
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

function mostAlike(
  to: FileEntry,
  candidates: readonly FileEntry[],
  sketches: Sketches,
): FileEntry | undefined {
  let best: { readonly file: FileEntry; readonly alike: number } | undefined;
  for (const file of candidates) {
    if (!areRelated(file, to)) continue;
    const alike = similarity(sketches.get(file.digest) ?? [], sketches.get(to.digest) ?? []);
    if (alike < MIN_SIMILARITY) continue;
    const isBetter =
      best === undefined || alike > best.alike || (alike === best.alike && file.path < best.file.path);
    if (isBetter) best = { file, alike };
  }
  return best?.file;
}

function areRelated(a: FileEntry, b: FileEntry): boolean {
  if (a.size > b.size * SIZE_FACTOR || b.size > a.size * SIZE_FACTOR) return false;
  return (
    parentOf(a.path) === parentOf(b.path) ||
    extensionOf(a.path) === extensionOf(b.path) ||
    pathShape(nameOf(a.path)) === pathShape(nameOf(b.path))
  );
}
