import { type Entry, type SystemTree, sameEntry } from '@swupd/manifests';
import type { RepoPath } from '@swupd/shared';
import type { Observed } from '../inspect/observe.ts';
import { withParents } from './plan-changes.ts';

/** The paths on which two trees differ, and their parents: what an update has to look at. */
export function changedScope(installed: SystemTree, target: SystemTree): Set<RepoPath> {
  const changed: RepoPath[] = [];
  for (const [path, entry] of target) {
    const before = installed.get(path);
    if (before === undefined) changed.push(path, ...linkPaths(entry));
    else if (!isSame(before, entry)) changed.push(path, ...linkPaths(entry), ...linkPaths(before));
  }
  for (const path of installed.keys()) if (!target.has(path)) changed.push(path);
  return withParents([...changed, ...linkedTo(target, new Set(changed))]);
}

/** All paths that either tree knows. */
export function fullScope(installed: SystemTree, target: SystemTree): Set<RepoPath> {
  return new Set([...installed.keys(), ...target.keys()]);
}

/** `paths` with all members of their hard-link groups, and the parents of all: a group can only be put right as a whole. */
export function withLinkGroups(paths: ReadonlySet<RepoPath>, target: SystemTree): Set<RepoPath> {
  const leaders = [...paths].flatMap((path) => linkPaths(target.get(path)));
  const leading = new Set([...paths, ...leaders]);
  return withParents([...leading, ...linkedTo(target, leading)]);
}

/**
 * What has to be looked at besides: where a directory that should be there is none, all that belongs below it is gone with
 * it, changed by this update or not.
 */
export function widenedScope(
  scope: ReadonlySet<RepoPath>,
  target: SystemTree,
  observed: ReadonlyMap<RepoPath, Observed>,
): RepoPath[] {
  const lost = [...observed]
    .filter(([path, seen]) => target.get(path)?.type === 'directory' && seen.type !== 'directory')
    .map(([path]) => `${path}/`);
  if (lost.length === 0) return [];
  return [...target.keys()].filter(
    (path) => !scope.has(path) && lost.some((prefix) => path.startsWith(prefix)),
  );
}

function isSame(a: Entry, b: Entry): boolean {
  return a === b || sameEntry(a, b);
}

/** The first member of an entry's hard-link group. */
function linkPaths(entry: Entry | undefined): RepoPath[] {
  return entry?.type === 'file' && entry.linkTo !== undefined ? [entry.linkTo] : [];
}

/** Members of the groups whose first member changes: they have to follow it. */
function linkedTo(target: SystemTree, changed: ReadonlySet<RepoPath>): RepoPath[] {
  const paths: RepoPath[] = [];
  for (const [path, entry] of target) {
    if (entry.type === 'file' && entry.linkTo !== undefined && changed.has(entry.linkTo)) paths.push(path);
  }
  return paths;
}
