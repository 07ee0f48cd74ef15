import type { ByteString, Digest, RepoPath } from '@swupd/shared';

/** What the device does with a path besides keeping it as the build has it. DESIGN: path classes. */
export type PathClass = 'managed' | 'config' | 'state' | 'ghost' | 'boot';

/** An extended attribute: `security.capability` and such; the value as a byte string. */
export interface Xattr {
  readonly name: ByteString;
  readonly value: ByteString;
}

interface EntryBase {
  readonly path: RepoPath;
  /** Owner, as numbers. */
  readonly uid: number;
  readonly gid: number;
  readonly pathClass: PathClass;
  /** The build in which this entry last changed. */
  readonly version: number;
  /** Sorted by name. */
  readonly xattrs: readonly Xattr[];
}

export interface DirectoryEntry extends EntryBase {
  readonly type: 'directory';
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  readonly mode: number;
}

export interface SymlinkEntry extends EntryBase {
  readonly type: 'symlink';
  /** What the link says; any bytes but NUL, never resolved by the client. */
  readonly target: ByteString;
}

export interface FileEntry extends EntryBase {
  readonly type: 'file';
  readonly mode: number;
  /** Plain size in bytes. */
  readonly size: number;
  /** Bytes of the fullfile in the repository; equal to `size` where it is stored uncompressed. */
  readonly storedSize: number;
  readonly digest: Digest;
  /** The path whose inode this file shares, always the first of its group in byte order; undefined for a file of its own. */
  readonly linkTo: RepoPath | undefined;
}

/** One line of a bundle manifest. `manifests/spec/manifest.md`. */
export type Entry = DirectoryEntry | SymlinkEntry | FileEntry;

/** One bundle's files in one build. Entries are sorted by path bytes, each path once. */
export interface Manifest {
  readonly bundle: string;
  /** The build in which this manifest last changed. */
  readonly version: number;
  readonly entries: readonly Entry[];
}

/**
 * Whether two entries describe the same thing on a disk. The version of last change, the compressed size and the choice of
 * a hard-link group's first member are bookkeeping, not content.
 */
export function sameNode(a: Entry, b: Entry): boolean {
  return sameContent(a, b) && sameMetadata(a, b);
}

/** Whether type and content agree, so that turning one into the other costs no download. */
export function sameContent(a: Entry, b: Entry): boolean {
  if (a.type === 'file') return b.type === 'file' && a.digest === b.digest;
  if (a.type === 'symlink') return b.type === 'symlink' && a.target === b.target;
  return b.type === 'directory';
}

export function sameMetadata(a: Entry, b: Entry): boolean {
  return (
    a.uid === b.uid &&
    a.gid === b.gid &&
    modeOf(a) === modeOf(b) &&
    a.pathClass === b.pathClass &&
    sameXattrs(a.xattrs, b.xattrs)
  );
}

export function sameXattrs(a: readonly Xattr[], b: readonly Xattr[]): boolean {
  return (
    a.length === b.length && a.every((xattr, i) => xattr.name === b[i]?.name && xattr.value === b[i]?.value)
  );
}

/** Whether two entries are equal in all that a manifest line says, but for the version of last change. */
export function sameEntry(a: Entry, b: Entry): boolean {
  return sameNode(a, b) && linkOf(a) === linkOf(b);
}

/** The permission bits; a symbolic link has none of its own, and shows 0o777. */
export function modeOf(entry: Entry): number {
  return entry.type === 'symlink' ? 0o777 : entry.mode;
}

function linkOf(entry: Entry): RepoPath | undefined {
  return entry.type === 'file' ? entry.linkTo : undefined;
}
