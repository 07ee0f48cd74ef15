import type { RepoPath } from '@swupd/shared';

/**
 * The directory that holds a folder of ours on one of the file systems of a root: a mount point, the root itself, or for that of
 * the state directory the state directory.
 */
export type Home = RepoPath | 'root' | 'state';
