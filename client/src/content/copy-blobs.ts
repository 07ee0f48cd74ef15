import { createHash } from 'node:crypto';
import type { Digest, RepoPath } from '@swupd/shared';
import { type Disk, PathWalker, type ReadableFile } from '../disk/index.ts';
import { ContentCache, type PendingBlob } from './content-cache.ts';
import type { DecodePlaces, DecodeResult } from './decode-task.ts';
import { openLocalFile, unlessUnreadable } from './local-file.ts';

/** Blobs that files of the root should hold. */
export interface CopyTask {
  readonly places: Pick<DecodePlaces, 'root' | 'cache'>;
  readonly items: readonly { readonly digest: Digest; readonly path: RepoPath }[];
}

/** Copies blobs out of the root into the content cache, each verified on the way. */
export function copyBlobs(disk: Disk, { places, items }: CopyTask): DecodeResult {
  const root = disk.openRoot(places.root);
  const directory = disk.openRoot(places.cache);
  const walker = new PathWalker(root);
  const cache = new ContentCache(directory);
  const decoded: Digest[] = [];
  const failed: { digest: Digest; reason: string }[] = [];
  try {
    for (const { digest, path } of items) {
      const reason = copyFrom(walker, cache, { digest, path });
      if (reason === undefined) decoded.push(digest);
      else failed.push({ digest, reason });
    }
    return { decoded, failed };
  } finally {
    walker.reset();
    directory.close();
    root.close();
  }
}

/** Why the blob can't be had from there; undefined where it is in the cache now. Failures to write are exceptions. */
function copyFrom(
  walker: PathWalker,
  cache: ContentCache,
  { digest, path }: CopyTask['items'][number],
): string | undefined {
  const source = openLocalFile(walker, path);
  if (source === undefined) return 'there is no such file, or it can not be read';
  try {
    return copyBlob(source, cache, digest) ? undefined : 'the file is not as it was installed';
  } finally {
    source.close();
  }
}

function copyBlob(source: ReadableFile, cache: ContentCache, digest: Digest): boolean {
  const pending = cache.begin(digest);
  let isRight = false;
  try {
    isRight = copyBytes(source, pending) === digest;
  } finally {
    if (!isRight) pending.discard();
  }
  if (isRight) pending.keep(digest);
  return isRight;
}

const CHUNK = 1024 * 1024;

/** The digest of what was copied; undefined where the source can't be read to its end. */
function copyBytes(source: ReadableFile, pending: PendingBlob): string | undefined {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK, Math.max(1, source.size)));
  for (let position = 0; ; ) {
    const count = unlessUnreadable(() => source.read(buffer, position));
    if (count === undefined) return undefined;
    if (count === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, count));
    pending.write(buffer.subarray(0, count));
    position += count;
  }
}
