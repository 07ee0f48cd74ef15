import { errnoOf, type NodeStat, ownName, type PathWalker, type Place } from '../../disk/index.ts';
import type { Step } from '../../plan/plan.ts';
import type { Present } from '../journal/journal.ts';
import { copyFile } from '../staging/copy-file.ts';
import { freeName } from './kept-name.ts';

/**
 * Makes sure that what a step replaces can be had again: a file or link gets a second name in the staging area, now, so that
 * one sync makes it durable together with the new content, and its own name is never without a file. Nothing in the root changes.
 */
export function keepPresent(step: Step, walker: PathWalker, old: Place): Present {
  const place = walker.find(step.entry.path);
  // A directory on the way to it comes with an earlier step, or the step will find none.
  if (place === undefined) return { kind: step.action === 'set-metadata' ? 'passed' : 'nothing' };
  const stat = place.directory.lookup(place.name);
  if (step.action === 'set-metadata') return keepMetadata(step, place, stat);
  if (stat === undefined) return { kind: 'nothing' };
  switch (wayOf(step, stat)) {
    case 'beside':
      return { kind: 'beside', name: freeName(place.directory, place.name) };
    case 'aside':
      return { kind: 'aside' };
    case 'replace':
      return { kind: 'kept', isCopy: keepName(place, old) };
  }
}

/**
 * Gives what is at `place`, a file or a link, a second name; where the file system has no hard links, a copy gets it.
 * @returns whether it is a copy
 */
export function keepName(place: Place, old: Place): boolean {
  try {
    place.directory.makeLink(place.name, old.directory, old.name);
    return false;
  } catch (error) {
    if (!WITHOUT_LINKS.has(errnoOf(error) ?? '') || place.directory.lookup(place.name)?.type !== 'file')
      throw error;
    keepCopy(place, old);
    return true;
  }
}

/** FAT has none; ext4 no more than 65,000 to a file. */
const WITHOUT_LINKS: ReadonlySet<string> = new Set(['EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Under its name only when it is whole. */
function keepCopy(place: Place, old: Place): void {
  const pending = ownName(`${old.name}.new`);
  copyFile(place, { directory: old.directory, name: pending });
  old.directory.rename(pending, old.directory, old.name);
}

function keepMetadata({ entry }: Step, { directory, name }: Place, stat: NodeStat | undefined): Present {
  if (stat?.type !== entry.type) return { kind: 'passed' };
  const { type, mode, uid, gid } = stat;
  const xattrs = type === 'symlink' ? [] : directory.readXattrs(name);
  return { kind: 'metadata', metadata: { type, mode, uid, gid, xattrs } };
}

type ContentStep = Exclude<Step, { action: 'set-metadata' }>;

/** What becomes of what is in the way: it goes beside, where it is not what the plan has seen there. */
function wayOf({ action, obstacle }: ContentStep, { type }: NodeStat): 'beside' | 'aside' | 'replace' {
  const isExpected =
    obstacle === 'directory' ? type === 'directory' : obstacle === 'replaceable' && type !== 'directory';
  if (!isExpected) return 'beside';
  return obstacle === 'directory' || action === 'make-directory' || type === 'other' ? 'aside' : 'replace';
}
