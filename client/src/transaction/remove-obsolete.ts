import type { FileName, RepoPath } from '@swupd/shared';
import { type Directory, errnoOf, PathWalker, type Place } from '../disk/index.ts';
import type { Notice, Removal } from '../plan/plan.ts';
import type { Journal } from './journal.ts';
import { freeName } from './kept-name.ts';
import { asideName } from './stage-content.ts';
import type { StagingAreas } from './staging-areas.ts';

export interface RemovalContext {
  readonly root: Directory;
  readonly areas: StagingAreas;
}

/** A directory of ours that a step has set aside, because its path became something else. */
interface SetAside {
  readonly path: RepoPath;
  readonly area: Directory;
  readonly name: FileName;
}

/**
 * Deletes what the new version no longer has, children first. What is not ours stays: in a directory that goes, it keeps the
 * directory; in one whose path is taken, it goes beside it under another name.
 */
export function removeObsolete(journal: Journal, { root, areas }: RemovalContext): Notice[] {
  const asides = setAsides(journal, areas);
  const walker = new PathWalker(root);
  const notices: Notice[] = [];
  try {
    for (const removal of journal.plan.removals) {
      const aside = asides.find(({ path }) => removal.path.startsWith(`${path}/`));
      const left =
        aside === undefined ? removeAt(walker.find(removal.path), removal) : removeInside(aside, removal);
      if (left) notices.push({ path: removal.path, reason: left });
    }
    for (const aside of asides) {
      if (clearAside(aside, walker)) notices.push({ path: aside.path, reason: 'kept-aside' });
    }
  } finally {
    walker.reset();
  }
  return notices;
}

function setAsides({ plan, homes }: Journal, areas: StagingAreas): SetAside[] {
  const asides: SetAside[] = [];
  plan.steps.forEach((step, number) => {
    const area = areas.open(homes[number] ?? 'state').directory;
    if (area.lookup(asideName(number)) !== undefined)
      asides.push({ path: step.entry.path, area, name: asideName(number) });
  });
  return asides;
}

function removeAt(place: Place | undefined, removal: Removal): Notice['reason'] | undefined {
  const stat = place?.directory.lookup(place.name);
  if (place === undefined || stat === undefined) return undefined;
  if (stat.type !== removal.type) return 'not-removed';
  try {
    if (removal.type !== 'directory') place.directory.removeFile(place.name);
    else if (!removeIfEmpty(place)) return 'directory-not-empty';
  } catch (error) {
    if (!PROTECTED.has(errnoOf(error) ?? '')) throw error;
    return 'not-removed';
  }
  return undefined;
}

/** Mount points, immutable files, read-only file systems: the new version is in place, so it does not fail over them. */
const PROTECTED = new Set(['EBUSY', 'EPERM', 'EACCES', 'EROFS']);

function removeInside({ path, area, name }: SetAside, removal: Removal): Notice['reason'] | undefined {
  if (area.lookup(name)?.type !== 'directory') return undefined;
  const directory = area.openDirectory(name);
  const walker = new PathWalker(directory);
  try {
    removeAt(walker.find(removal.path.slice(path.length + 1) as RepoPath), removal);
    return undefined;
  } finally {
    walker.reset();
    directory.close();
  }
}

/** Removes what was set aside; true where something that is not ours was in it and now lies beside the path. */
function clearAside({ path, area, name }: SetAside, walker: PathWalker): boolean {
  if (area.lookup(name)?.type !== 'directory') {
    area.removeFile(name);
    return false;
  }
  if (removeEmptyTree({ directory: area, name })) return false;
  const place = walker.place(path);
  area.rename(name, place.directory, freeName(place.directory, place.name));
  return true;
}

/** Removes a directory whose whole tree holds nothing but directories. */
function removeEmptyTree(place: Place): boolean {
  const directory = place.directory.openDirectory(place.name);
  try {
    const isEmpty = directory
      .list()
      .map((name) => directory.lookup(name)?.type === 'directory' && removeEmptyTree({ directory, name }))
      .every(Boolean);
    if (!isEmpty) return false;
  } finally {
    directory.close();
  }
  return removeIfEmpty(place);
}

function removeIfEmpty({ directory, name }: Place): boolean {
  try {
    directory.removeDirectory(name);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOTEMPTY' || errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}
