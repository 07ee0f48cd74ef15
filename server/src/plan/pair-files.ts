import type { FileEntry, Manifest } from '@swupd/manifests';
import type { RepoPath } from '@swupd/shared';
import { distinctBlobs, filesOf } from './distinct-blobs.ts';

/** Two files of which the second may be cheap to make out of the first. */
export interface FilePair {
  readonly from: FileEntry;
  readonly to: FileEntry;
}

/** What an update brings, as far as paths tell. */
export interface PairedFiles {
  readonly pairs: readonly FilePair[];
  /** New contents without a pair, and old files whose paths are gone; one entry for each content, in path order. */
  readonly added: readonly FileEntry[];
  readonly removed: readonly FileEntry[];
}

/**
 * Pairs the contents that are new in `to` with files of `from`: of the same path, or, for files that have moved, of the same
 * path but for version numbers and hashes in it.
 */
export function pairFiles(from: Manifest, to: Manifest): PairedFiles {
  const olds = new Map(filesOf(from).map((file) => [file.path, file]));
  const news = new Set<RepoPath>(filesOf(to).map(({ path }) => path));
  const known = new Set(filesOf(from).map(({ digest }) => digest));
  const removed = distinctBlobs(filesOf(from).filter(({ path }) => !news.has(path)));
  const byShape = groupBy(removed, ({ path }) => pathShape(path));
  const pairs: FilePair[] = [];
  const moved: FileEntry[] = [];
  for (const file of filesOf(to)) {
    if (known.has(file.digest)) continue;
    const old = olds.get(file.path) ?? closestSize(byShape.get(pathShape(file.path)) ?? [], file.size);
    if (old === undefined) moved.push(file);
    else pairs.push({ from: old, to: file });
  }
  const paired = new Set(pairs.map((pair) => pair.to.digest));
  const added = distinctBlobs(moved.filter(({ digest }) => !paired.has(digest)));
  return { pairs: distinctPairs(pairs), added, removed };
}

/** `path` without what changes from one version to the next: runs of digits, and hashes. */
export function pathShape(path: string): string {
  return path.replace(/[0-9a-f]{8,}/g, '#').replace(/\d+(?:[._-]\d+)*/g, '#');
}

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** The first of the files whose size is nearest. */
function closestSize(files: readonly FileEntry[], size: number): FileEntry | undefined {
  let best: FileEntry | undefined;
  for (const file of files) {
    if (best === undefined || Math.abs(file.size - size) < Math.abs(best.size - size)) best = file;
  }
  return best;
}

function distinctPairs(pairs: readonly FilePair[]): FilePair[] {
  const seen = new Set<string>();
  return pairs.filter(({ from, to }) => {
    const key = `${from.digest}-${to.digest}`;
    return !seen.has(key) && seen.add(key);
  });
}
