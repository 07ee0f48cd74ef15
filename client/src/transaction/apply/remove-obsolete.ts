import type { Digest, FileName, RepoPath } from '@swupd/shared';
import { type Directory, errnoOf, PathWalker, type Place } from '../../disk/index.ts';
import type { Notice } from '../../plan/plan.ts';
import type { Home } from '../../state/home.ts';
import type { Journal, JournalRemoval } from '../journal/journal.ts';
import type { Areas } from '../staging/areas.ts';
import { keptName } from '../staging/stage-content.ts';
import type { RemovalOptions } from './applier.ts';
import { freeName } from './kept-name.ts';

export interface RemovalContext extends RemovalOptions {
  readonly root: Directory;
  readonly areas: Areas;
}

/** Something of ours that a step has set aside, because its path became something else. */
interface SetAside {
  readonly path: RepoPath;
  readonly home: Home;
  readonly area: Directory;
  readonly name: FileName;
  readonly digest: Digest | undefined;
}

/**
 * Deletes what the new version no longer has, children first, or gives it to the kept content. What is not ours stays: in a
 * directory that goes, it keeps the directory; in one whose path is taken, it goes beside it under another name.
 */
export function removeObsolete(journal: Journal, context: RemovalContext): Notice[] {
  const notices = keepReplaced(journal, context);
  const asides = setAsides(journal, context.areas);
  const walker = new PathWalker(context.root);
  try {
    for (const removal of journal.removals) {
      const aside = asides.find(({ path }) => removal.path.startsWith(`${path}/`));
      const left =
        aside === undefined
          ? removeAt(walker.find(removal.path), removal, context)
          : removeInside(aside, removal, context);
      if (left) notices.push({ path: removal.path, reason: left });
    }
    const left = asides.filter((aside) => !clearAside(aside, context));
    // Once it has another name, nobody knows any more what of it was ours.
    if (left.length > 0) context.sync();
    for (const aside of left) moveBeside(aside, walker);
    notices.push(...left.map(({ path }): Notice => ({ path, reason: 'kept-aside' })));
  } finally {
    walker.reset();
  }
  return notices;
}

function keepReplaced({ steps }: Journal, { areas, kept }: RemovalContext): Notice[] {
  return steps.flatMap(({ step, home, present }, number): Notice[] => {
    if (present.kind !== 'kept' || present.digest === undefined) return [];
    const old = { directory: areas.open(home), name: keptName(number) };
    const isThere = old.directory.lookup(old.name)?.type === 'file';
    const isLost = isThere && !kept.take(old, home, present.digest);
    return isLost ? [{ path: step.entry.path, reason: 'not-kept' }] : [];
  });
}

function setAsides({ steps }: Journal, areas: Areas): SetAside[] {
  return steps.flatMap(({ step, home, present }, number): SetAside[] => {
    if (present.kind !== 'aside') return [];
    const area = areas.open(home);
    const name = keptName(number);
    if (area.lookup(name) === undefined) return [];
    return [{ path: step.entry.path, home, area, name, digest: present.digest }];
  });
}

function removeAt(
  place: Place | undefined,
  removal: JournalRemoval,
  { kept }: RemovalContext,
): Notice['reason'] | undefined {
  const stat = place?.directory.lookup(place.name);
  if (place === undefined || stat === undefined) return undefined;
  if (stat.type !== removal.type) return 'not-removed';
  try {
    if (removal.type === 'directory') return removeIfEmpty(place) ? undefined : 'directory-not-empty';
    if (removal.digest === undefined) place.directory.removeFile(place.name);
    else if (!kept.take(place, removal.home, removal.digest)) return 'not-kept';
  } catch (error) {
    const code = errnoOf(error);
    if (code === undefined || !PROTECTED.has(code)) throw error;
    return 'not-removed';
  }
  return undefined;
}

/** Mount points, immutable files, read-only file systems: the new version is in place, so it does not fail over them. */
const PROTECTED = new Set(['EBUSY', 'EPERM', 'EACCES', 'EROFS']);

function removeInside(
  { path, area, name }: SetAside,
  removal: JournalRemoval,
  context: RemovalContext,
): Notice['reason'] | undefined {
  if (area.lookup(name)?.type !== 'directory') return undefined;
  const directory = area.openDirectory(name);
  const walker = new PathWalker(directory);
  try {
    removeAt(walker.find(removal.path.slice(path.length + 1) as RepoPath), removal, context);
    return undefined;
  } finally {
    walker.reset();
    directory.close();
  }
}

/** Removes what was set aside; false where something that is not ours is in it. */
function clearAside({ home, area, name, digest }: SetAside, { kept }: RemovalContext): boolean {
  const { type } = area.lookup(name) ?? {};
  if (type === 'directory') return removeEmptyTree({ directory: area, name });
  if (type === 'file' && digest !== undefined) kept.take({ directory: area, name }, home, digest);
  else area.removeFile(name);
  return true;
}

function moveBeside({ path, area, name }: SetAside, walker: PathWalker): void {
  const place = walker.place(path);
  area.rename(name, place.directory, freeName(place.directory, place.name));
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
