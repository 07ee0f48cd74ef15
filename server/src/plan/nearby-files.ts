import type { FileEntry } from '@swupd/manifests';
import { parentOf, type RepoPath } from '@swupd/shared';
import { isComparable } from './find-relatives.ts';

/** What is looked through for each new file: as many bytes of old files around it, and no larger ones. */
const NEIGHBOURHOOD = 16 * 1024 * 1024;
const MAX_SIZE = 2 * 1024 * 1024;

/**
 * The old files among which an added one may have its content from: those in the largest folder around it that has not too much
 * in it. What is split, merged or copied mostly stays within a package.
 */
export function nearbyFiles(added: readonly FileEntry[], olds: readonly FileEntry[]): FileEntry[] {
  const candidates = olds.filter((file) => isComparable(file) && file.size <= MAX_SIZE);
  const contents = new Map<string, number>();
  for (const { path, size } of candidates)
    for (const folder of foldersAround(path)) contents.set(folder, (contents.get(folder) ?? 0) + size);
  const chosen = new Set(
    added.flatMap(({ path }) =>
      foldersAround(path)
        .filter((folder) => (contents.get(folder) ?? 0) <= NEIGHBOURHOOD)
        .slice(-1),
    ),
  );
  return candidates.filter(({ path }) => foldersAround(path).some((folder) => chosen.has(folder)));
}

/** The folders that a file is in, from its own up to the root, which is ''. */
function foldersAround(path: RepoPath): string[] {
  const folders: string[] = [];
  for (let folder = parentOf(path); folder !== undefined; folder = parentOf(folder)) folders.push(folder);
  return [...folders, ''];
}
