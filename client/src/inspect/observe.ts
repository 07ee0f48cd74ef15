import { createHash } from 'node:crypto';
import { type Entry, type FileEntry, modeOf, sameXattrs, type Xattr } from '@swupd/manifests';
import type { ByteString, Digest, RepoPath } from '@swupd/shared';
import { hashFile } from '@swupd/shared/io';
import type { NodeStat, ReadableFile } from '../disk/disk.ts';
import { errnoOf } from '../disk/errno.ts';
import type { PathWalker, Place } from '../disk/path-walker.ts';

interface SeenNode {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly xattrs: readonly Xattr[];
}

/** What is really at a path. `unreachable`: something on the way to it is no directory. */
export type Observed =
  | { readonly type: 'missing' | 'unreachable' | 'other' }
  | ({ readonly type: 'directory'; readonly device: number } & SeenNode)
  | ({ readonly type: 'symlink'; readonly target: ByteString } & SeenNode)
  | ({
      readonly type: 'file';
      readonly size: number;
      /** undefined where the size alone tells that the content is another, or the file can't be read. */
      readonly digest: Digest | undefined;
      readonly device: number;
      readonly inode: number;
      readonly links: number;
    } & SeenNode);

export interface ObserveOptions {
  /** Whether file content is read; without it, a file of the right size is taken to have the right content. */
  readonly hash: boolean;
}

/**
 * Looks at `path`, reading as much as is needed to compare it with each of `candidates`. What somebody changes at that moment is
 * looked at again; what goes on changing counts as missing.
 */
export function observe(
  walker: PathWalker,
  path: RepoPath,
  candidates: readonly Entry[],
  options: ObserveOptions,
): Observed {
  for (let looks = 0; looks < LOOKS; looks++) {
    try {
      return lookAt(walker, path, candidates, options);
    } catch (error) {
      if (!CHANGING.has(errnoOf(error) ?? '')) throw error;
    }
  }
  return { type: 'missing' };
}

const LOOKS = 3;

function lookAt(
  walker: PathWalker,
  path: RepoPath,
  candidates: readonly Entry[],
  options: ObserveOptions,
): Observed {
  const place = walker.find(path);
  if (place === undefined) return { type: 'unreachable' };
  const stat = place.directory.lookup(place.name);
  if (stat === undefined) return { type: 'missing' };
  const seen = { mode: stat.mode, uid: stat.uid, gid: stat.gid };
  switch (stat.type) {
    case 'other':
      return { type: 'other' };
    case 'symlink':
      return {
        ...seen,
        type: 'symlink',
        mode: 0o777,
        xattrs: [],
        target: place.directory.readLink(place.name),
      };
    case 'directory':
      return {
        ...seen,
        type: 'directory',
        device: stat.device,
        xattrs: place.directory.readXattrs(place.name),
      };
    case 'file':
      return {
        ...seen,
        type: 'file',
        size: stat.size,
        device: stat.device,
        inode: stat.inode,
        links: stat.links,
        xattrs: place.directory.readXattrs(place.name),
        digest: contentDigest(place, stat, candidates, options),
      };
  }
}

/** Whether what was observed is what `entry` describes, but for its place in a hard-link group. */
export function matches(entry: Entry, observed: Observed): boolean {
  return sameContentOnDisk(entry, observed) && sameMetadataOnDisk(entry, observed);
}

export function sameContentOnDisk(entry: Entry, observed: Observed): boolean {
  if (entry.type !== observed.type) return false;
  if (observed.type === 'file') return observed.digest === (entry as FileEntry).digest;
  if (observed.type === 'symlink') return entry.type === 'symlink' && observed.target === entry.target;
  return true;
}

export function sameMetadataOnDisk(entry: Entry, observed: Observed): boolean {
  if (!('mode' in observed)) return false;
  return (
    observed.mode === modeOf(entry) &&
    observed.uid === entry.uid &&
    observed.gid === entry.gid &&
    sameXattrs(observed.xattrs, entry.xattrs)
  );
}

function contentDigest(
  place: Place,
  stat: NodeStat,
  candidates: readonly Entry[],
  options: ObserveOptions,
): Digest | undefined {
  const possible = candidates.find(
    (entry): entry is FileEntry => entry.type === 'file' && entry.size === stat.size,
  );
  if (possible === undefined) return undefined;
  if (!options.hash) return possible.digest;
  let file: ReadableFile | undefined;
  try {
    file = place.directory.openFile(place.name);
    return hashReadable(file);
  } catch (error) {
    if (isOtherContent(errnoOf(error), possible)) return undefined;
    throw error;
  } finally {
    file?.close();
  }
}

const UNREADABLE: ReadonlySet<string> = new Set(['EIO', 'EACCES', 'EPERM']);
/** It is gone, or something else, since it was listed. */
const REPLACED: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO']);
/** The same of what was not opened: a link that is read, and is none any more. */
const CHANGING: ReadonlySet<string> = new Set([...REPLACED, 'EINVAL']);

/**
 * Whether a file that can't be read counts as one with another content: a bad sector is put right by putting a new file there.
 * But a config file must not be taken to be edited because it could not be read.
 */
function isOtherContent(code: string | undefined, { pathClass }: FileEntry): boolean {
  return REPLACED.has(code ?? '') || (UNREADABLE.has(code ?? '') && pathClass !== 'config');
}

const CHUNK = 1024 * 1024;

/** SHA-256 of an open file of whichever disk. */
export function hashReadable(file: ReadableFile): Digest {
  if (file.descriptor !== undefined) return hashFile(file.descriptor).digest;
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(Math.min(CHUNK, Math.max(1, file.size)));
  let position = 0;
  for (let count = file.read(buffer, 0); count > 0; count = file.read(buffer, position)) {
    hash.update(buffer.subarray(0, count));
    position += count;
  }
  return hash.digest('hex') as Digest;
}
