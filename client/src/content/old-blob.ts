import type { Digest, RepoPath } from '@swupd/shared';
import { type Directory, PathWalker, type ReadableFile } from '../disk/index.ts';
import { hashReadable } from '../inspect/observe.ts';
import { openLocalFile, unlessUnreadable } from './local-file.ts';

/** A blob that a delta starts from, open and verified, from wherever in the root it still is. The caller closes it. */
export function openOldBlob(
  root: Directory,
  digest: Digest,
  paths: readonly RepoPath[],
): ReadableFile | undefined {
  const walker = new PathWalker(root);
  try {
    for (const path of paths) {
      const file = openLocalFile(walker, path);
      if (file !== undefined && isRight(file, digest)) return file;
    }
    return undefined;
  } finally {
    walker.reset();
  }
}

function isRight(file: ReadableFile, digest: Digest): boolean {
  let right = false;
  try {
    right = unlessUnreadable(() => hashReadable(file)) === digest;
  } finally {
    if (!right) file.close();
  }
  return right;
}
