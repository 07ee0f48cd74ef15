import { type Entry, type FileEntry, type SystemTree, sameMetadata } from '@swupd/manifests';
import { parentOf, type RepoPath } from '@swupd/shared';
import { matches, type Observed, sameContentOnDisk } from '../inspect/observe.ts';
import type { ChangePlan, Notice, Obstacle, Removal, Step } from './plan.ts';

/** Everything that decides what has to change. */
export interface ChangeInput {
  /** What the bundles that are installed now say of the root; empty for a new system. */
  readonly installed: SystemTree;
  /** What the root has to look like. */
  readonly target: SystemTree;
  /** What is at each path in scope; paths that are not in the map are taken to be right. Includes the parents of each path. */
  readonly observed: ReadonlyMap<RepoPath, Observed>;
  /** `update`: an edited config file is somebody's intention. `repair`: a missing one is put back, an edited one still kept. */
  readonly purpose: 'update' | 'repair';
}

/**
 * The steps and removals that turn what was observed into the target. Pure: the same input gives the same plan, and a plan
 * from what a plan leaves behind is empty.
 */
export function planChanges(input: ChangeInput): ChangePlan {
  const steps: Step[] = [];
  const removals: Removal[] = [];
  const notices: Notice[] = [];
  const replaced = new Set<RepoPath>();
  const inodes = new Map<string, RepoPath>();
  const kept = new Set<RepoPath>();
  for (const [path, observed] of sortedByPath(input.observed)) {
    const entry = input.target.get(path);
    if (entry === undefined) planRemoval(input, path, observed, { removals, notices });
    else planEntry(input, entry, observed, { steps, notices, replaced, inodes, kept });
  }
  return { steps: bootLast(steps), removals: removals.reverse(), notices };
}

/** State is created once, where nothing is; from then on it is the device's own business, whatever the build says. */
function isLeftAlone(entry: Entry, installed: Entry | undefined, observed: Observed): boolean {
  return entry.pathClass === 'state' && (installed !== undefined || !isNothing(observed));
}

interface Lists {
  readonly steps: Step[];
  readonly notices: Notice[];
  /** Paths of files that get a new inode. */
  readonly replaced: Set<RepoPath>;
  /** Which hard-link group each inode belongs to, by the group's first member: the first path in order decides. */
  readonly inodes: Map<string, RepoPath>;
  /** Paths that stay as the device has them although the build has something else there, and all that is below them. */
  readonly kept: Set<RepoPath>;
}

function planEntry(input: ChangeInput, entry: Entry, observed: Observed, lists: Lists): void {
  const { steps, notices, replaced, kept } = lists;
  const installed = input.installed.get(entry.path);
  const relink = hasWrongInode(input, entry, observed, lists);
  const parent = parentOf(entry.path);
  const isBelowKept = parent !== undefined && kept.has(parent);
  if (isBelowKept || isLeftAlone(entry, installed, observed)) {
    const isAsWanted = entry.type === 'directory' ? observed.type === 'directory' : matches(entry, observed);
    if (!isAsWanted) kept.add(entry.path);
    return;
  }
  if (matches(entry, observed) && !relink) return;
  if (keepsConfig(input, entry, installed, observed)) {
    if (!isNothing(observed) || input.purpose === 'update')
      notices.push({ path: entry.path, reason: 'config-kept' });
    kept.add(entry.path);
    return;
  }
  if (sameContentOnDisk(entry, observed) && !relink) {
    steps.push({ action: 'set-metadata', entry });
    return;
  }
  const obstacle = obstacleAt(entry, installed, observed);
  if (obstacle === 'foreign') notices.push({ path: entry.path, reason: 'kept-aside' });
  if (entry.type === 'file') replaced.add(entry.path);
  steps.push(stepFor(entry, obstacle, leaderOf(input, entry, lists)));
}

function stepFor(entry: Entry, obstacle: Obstacle, leader: FileEntry | undefined): Step {
  switch (entry.type) {
    case 'directory':
      return { action: 'make-directory', entry, obstacle };
    case 'symlink':
      return { action: 'put-symlink', entry, obstacle };
    case 'file':
      return leader === undefined
        ? { action: 'put-file', entry, obstacle }
        : { action: 'put-link', entry: { ...entry, linkTo: leader.path }, obstacle };
  }
}

/**
 * The first member of the hard-link group of `entry`, where that is part of the target with the same content and
 * metadata, and not kept: what a manifest says of links need not be true. */
function leaderOf({ target }: ChangeInput, entry: Entry, { kept }: Lists): FileEntry | undefined {
  if (entry.type !== 'file' || entry.linkTo === undefined || kept.has(entry.linkTo)) return undefined;
  const leader = target.get(entry.linkTo);
  const isFirst = leader?.type === 'file' && leader.linkTo === undefined;
  return isFirst && leader.digest === entry.digest && sameInode(leader, entry) ? leader : undefined;
}

/** Whether one inode can be both: classes belong to paths, all other metadata to the inode. */
function sameInode(a: Entry, b: Entry): boolean {
  return sameMetadata({ ...a, pathClass: b.pathClass }, b);
}

/**
 * Whether the path needs another inode although its content may be right: it has to be the one of its group's first member,
 * which may get a new one itself, and must not be one that a path of another group has.
 */
function hasWrongInode(input: ChangeInput, entry: Entry, observed: Observed, lists: Lists): boolean {
  const { replaced, inodes } = lists;
  if (entry.type !== 'file' || observed.type !== 'file') return false;
  const leader = leaderOf(input, entry, lists);
  if (leader !== undefined && replaced.has(leader.path)) return true;
  const seen = leader === undefined ? undefined : input.observed.get(leader.path);
  if (seen?.type === 'file' && inodeOf(seen) !== inodeOf(observed)) return true;
  const group = leader?.path ?? entry.path;
  const owner = inodes.get(inodeOf(observed)) ?? group;
  inodes.set(inodeOf(observed), owner);
  return owner !== group;
}

function inodeOf({ device, inode }: Extract<Observed, { type: 'file' }>): string {
  return `${device}:${inode}`;
}

/** The three ways of a config file: what the device has edited stays, what it has not touched follows the build. */
function keepsConfig(
  { purpose }: ChangeInput,
  entry: Entry,
  installed: Entry | undefined,
  observed: Observed,
): boolean {
  if (entry.pathClass !== 'config' || entry.type === 'directory') return false;
  if (isNothing(observed)) return installed !== undefined && purpose === 'update';
  if (sameContentOnDisk(entry, observed)) return false;
  return installed === undefined || purpose === 'repair' || !sameContentOnDisk(installed, observed);
}

function isNothing(observed: Observed): boolean {
  return observed.type === 'missing' || observed.type === 'unreachable';
}

function obstacleAt(entry: Entry, installed: Entry | undefined, observed: Observed): Obstacle {
  if (isNothing(observed)) return 'nothing';
  // What was never ours is kept; so is a thing of another type that somebody has put in the place of ours.
  if (installed === undefined || (observed.type !== installed.type && observed.type !== entry.type)) {
    return sameContentOnDisk(entry, observed) ? 'replaceable' : 'foreign';
  }
  return observed.type === 'directory' ? 'directory' : 'replaceable';
}

function planRemoval(
  { installed }: ChangeInput,
  path: RepoPath,
  observed: Observed,
  { removals, notices }: { removals: Removal[]; notices: Notice[] },
): void {
  const entry = installed.get(path);
  if (entry === undefined || isNothing(observed)) return;
  if (entry.pathClass === 'ghost' || entry.pathClass === 'state') return;
  const edited = !sameContentOnDisk(entry, observed);
  if (entry.pathClass === 'config' && edited) notices.push({ path, reason: 'config-kept' });
  else if (observed.type !== entry.type) notices.push({ path, reason: 'not-removed' });
  else removals.push({ path, type: entry.type });
}

function sortedByPath(observed: ReadonlyMap<RepoPath, Observed>): [RepoPath, Observed][] {
  return [...observed].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Boot files are shown when everything that they need is there; other names of theirs have to wait for them. */
function bootLast(steps: readonly Step[]): Step[] {
  const isBoot = (step: Step): boolean => step.entry.pathClass === 'boot' && step.entry.type !== 'directory';
  const boot = new Set(steps.filter(isBoot).map(({ entry }) => entry.path));
  const isLate = (step: Step): boolean =>
    boot.has(step.entry.path) || (step.action === 'put-link' && boot.has(step.entry.linkTo));
  return [...steps.filter((step) => !isLate(step)), ...steps.filter(isLate)];
}

/** `paths` and all their parents: what has to be looked at before these paths can be changed. */
export function withParents(paths: Iterable<RepoPath>): Set<RepoPath> {
  const all = new Set<RepoPath>();
  for (const path of paths) {
    for (let at: RepoPath | undefined = path; at !== undefined && !all.has(at); at = parentOf(at))
      all.add(at);
  }
  return all;
}
