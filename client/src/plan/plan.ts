import type { DirectoryEntry, Entry, FileEntry, SymlinkEntry } from '@swupd/manifests';
import type { Digest, RepoPath } from '@swupd/shared';
import type { NodeStat } from '../disk/disk.ts';

/**
 * What is at a path before a step puts something else there.
 * - `nothing`
 * - `replaceable`: a file or link of ours; the rename replaces it
 * - `directory`: a directory of ours; set aside, and removed after the commit together with what of ours is in it
 * - `foreign`: not ours; kept under another name, and said
 */
export type Obstacle = 'nothing' | 'replaceable' | 'directory' | 'foreign';

/** One change before the commit. `stage` steps have been prepared in the staging folder and are shown by one rename. */
export type Step =
  | { readonly action: 'make-directory'; readonly entry: DirectoryEntry; readonly obstacle: Obstacle }
  | { readonly action: 'put-file'; readonly entry: FileEntry; readonly obstacle: Obstacle }
  /** The path becomes another name of the file at `entry.linkTo`, which an earlier step may have put there. */
  | {
      readonly action: 'put-link';
      readonly entry: FileEntry & { readonly linkTo: RepoPath };
      readonly obstacle: Obstacle;
    }
  | { readonly action: 'put-symlink'; readonly entry: SymlinkEntry; readonly obstacle: Obstacle }
  /** Only mode, owner or extended attributes. */
  | { readonly action: 'set-metadata'; readonly entry: Entry };

/** One deletion after the commit. */
export interface Removal {
  readonly path: RepoPath;
  readonly type: NodeStat['type'];
}

/** Something that the plan leaves as it is, and that the user should know. */
export interface Notice {
  readonly path: RepoPath;
  readonly reason: /** A config file that was edited on the device; the build's version is not installed. */
    | 'config-kept'
    /** Not ours and in the way: it will lie beside, under another name. */
    | 'kept-aside'
    /** A path of ours that somebody has replaced by something of another type; not removed. */
    | 'not-removed'
    /** There was no room to keep it for going back. */
    | 'not-kept'
    /** A directory that goes, but holds files that are not ours. */
    | 'directory-not-empty';
}

/** The changes to a root that turn what is there into what should be. */
export interface ChangePlan {
  /** In path order, so that a parent comes before what is in it; paths of class `boot` and their parents last. */
  readonly steps: readonly Step[];
  /** Children before their parents. */
  readonly removals: readonly Removal[];
  readonly notices: readonly Notice[];
}

/** A blob that a plan needs, and its sizes. */
export interface NeededBlob {
  readonly digest: Digest;
  readonly size: number;
  readonly storedSize: number;
}

/** The distinct blobs that the steps put on the disk, sorted by digest. */
export function neededBlobs(plan: ChangePlan): NeededBlob[] {
  const blobs = new Map<Digest, NeededBlob>();
  for (const step of plan.steps) {
    if (step.action !== 'put-file') continue;
    const { digest, size, storedSize } = step.entry;
    blobs.set(digest, { digest, size, storedSize });
  }
  return [...blobs.values()].sort((a, b) => (a.digest < b.digest ? -1 : 1));
}
