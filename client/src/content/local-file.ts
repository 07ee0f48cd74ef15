import type { RepoPath } from '@swupd/shared';
import { errnoOf, type PathWalker, type ReadableFile } from '../disk/index.ts';

/**
 * The file of the root at `path`, open; undefined where there is none, or where it can't be opened. What the device has is
 * only one of several sources, so a bad sector in it must not end a repair.
 */
export function openLocalFile(walker: PathWalker, path: RepoPath): ReadableFile | undefined {
  const place = walker.find(path);
  if (place?.directory.lookup(place.name)?.type !== 'file') return undefined;
  return unlessUnreadable(() => place.directory.openFile(place.name));
}

/** What `read` gives, or undefined where a system call in it fails. It must not write. */
export function unlessUnreadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return undefined;
  }
}
