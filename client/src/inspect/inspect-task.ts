import type { Entry } from '@swupd/manifests';
import type { RepoPath } from '@swupd/shared';
import type { Disk } from '../disk/disk.ts';
import { PathWalker } from '../disk/path-walker.ts';
import { matches, type Observed, observe } from './observe.ts';

/** Paths to look at, in order, with the entries to compare each with: the wanted one first. */
export interface InspectTask {
  readonly root: string;
  readonly hash: boolean;
  readonly items: readonly InspectItem[];
}

export interface InspectItem {
  readonly path: RepoPath;
  readonly candidates: readonly Entry[];
  /** Report what is there even where it is right: for members of hard-link groups, which are compared by their inodes. */
  readonly always: boolean;
}

/**
 * What is at each path of a task; undefined where it is just what the first candidate describes, which most are. Files with
 * several names are always told, since which names share an inode can only be seen by looking at all of them.
 */
export type InspectResult = readonly (Observed | undefined)[];

export function inspect(disk: Disk, { root, hash, items }: InspectTask): InspectResult {
  const directory = disk.openRoot(root);
  const walker = new PathWalker(directory);
  try {
    return items.map(({ path, candidates, always }) => {
      const observed = observe(walker, path, candidates, { hash });
      const [wanted] = candidates;
      const isLinked = observed.type === 'file' && observed.links > 1;
      return !always && !isLinked && wanted !== undefined && matches(wanted, observed) ? undefined : observed;
    });
  } finally {
    walker.reset();
    directory.close();
  }
}
