import type { MemberBlob } from '@swupd/manifests';
import { LIMITS, type RepoPath } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import { type Directory, PathWalker, type ReadableFile } from '../disk/index.ts';
import { openLocalFile, unlessUnreadable } from './local-file.ts';

/**
 * The sources of a joint delta one behind the other, each verified by its digest and from wherever in the root it still is;
 * undefined where one of them is nowhere, or where they are more than a device should hold. What is verified is what the delta
 * then starts from, whatever happens to the files.
 */
export function readJointSource(
  root: Directory,
  sources: readonly MemberBlob[],
  pathsOf: (blob: MemberBlob) => readonly RepoPath[],
): Uint8Array | undefined {
  const size = sources.reduce((sum, blob) => sum + blob.size, 0);
  if (size > LIMITS.jointBytes) return undefined;
  const bytes = Buffer.allocUnsafeSlow(size);
  const walker = new PathWalker(root);
  let offset = 0;
  try {
    for (const blob of sources) {
      const place = bytes.subarray(offset, offset + blob.size);
      if (!pathsOf(blob).some((path) => readVerified(walker, path, { blob, place }))) return undefined;
      offset += blob.size;
    }
    return bytes;
  } finally {
    walker.reset();
  }
}

/** Whether `place` holds the blob now. */
function readVerified(
  walker: PathWalker,
  path: RepoPath,
  { blob, place }: { readonly blob: MemberBlob; readonly place: Uint8Array },
): boolean {
  const file = openLocalFile(walker, path);
  if (file === undefined) return false;
  try {
    return file.size === blob.size && fill(place, file) && hashContent(place) === blob.digest;
  } finally {
    file.close();
  }
}

function fill(place: Uint8Array, file: ReadableFile): boolean {
  for (let done = 0; done < place.length; ) {
    const count = unlessUnreadable(() => file.read(place.subarray(done), done));
    if (count === undefined || count === 0) return false;
    done += count;
  }
  return true;
}
