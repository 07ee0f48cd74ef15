import { type Entry, modeOf } from '@swupd/manifests';
import type { Digest, FileName, Progress, RepoPath } from '@swupd/shared';
import type { ContentCache } from '../../content/content-cache.ts';
import {
  type Directory,
  errnoOf,
  type NodeMetadata,
  ownName,
  PathWalker,
  type Place,
} from '../../disk/index.ts';
import type { Step } from '../../plan/plan.ts';
import { keepPresent } from '../apply/keep-present.ts';
import type { JournalStep, Present } from '../journal/journal.ts';
import type { Areas } from './areas.ts';
import { copyContent } from './copy-file.ts';

export interface StageInput {
  readonly root: Directory;
  readonly steps: readonly Step[];
  readonly areas: Areas;
  /** Holds every blob that the steps need, verified. */
  readonly cache: ContentCache;
  readonly progress: Progress;
}

/**
 * Prepares all new files, links and directories with content, owner, mode and attributes under the numbers of their steps,
 * each on the file system of its final name, and keeps what is there now beside them. The areas are empty before. Nothing else
 * of the root changes.
 */
export function stageContent({ root, steps, areas, cache, progress }: StageInput): JournalStep[] {
  const walker = new PathWalker(root);
  const leaders = new PathWalker(root);
  const uses = countUses(steps);
  const staged = new Map<RepoPath, Place>();
  try {
    const prepared = steps.map((step, number): JournalStep => {
      const home = areas.homeFor(step.entry.path);
      const area = areas.open(home);
      const isStaged = stageStep(step, { area, name: stagedName(number), cache, uses, staged, leaders });
      const present: Present = isStaged
        ? keepPresent(step, walker, { directory: area, name: keptName(number) })
        : { kind: 'passed' };
      progress.report({ stage: 'stage', done: number + 1, total: steps.length, unit: 'files' });
      return { step, home, present };
    });
    progress.finish('stage');
    return prepared;
  } finally {
    walker.reset();
    leaders.reset();
  }
}

/** The name under which a step's result waits. */
export function stagedName(step: number): FileName {
  return ownName(`new-${step}`);
}

/** The name under which what a step replaces is kept until the commit. */
export function keptName(step: number): FileName {
  return ownName(`old-${step}`);
}

/** Owner, mode and attributes of an entry. */
export function metadataOf(entry: Entry): NodeMetadata {
  return { type: entry.type, mode: modeOf(entry), uid: entry.uid, gid: entry.gid, xattrs: entry.xattrs };
}

interface Staging {
  readonly area: Directory;
  readonly name: FileName;
  readonly cache: ContentCache;
  readonly uses: Map<Digest, number>;
  /** Files of earlier steps, which may be the first of a hard-link group. */
  readonly staged: Map<RepoPath, Place>;
  readonly leaders: PathWalker;
}

/** False where the step can't be prepared, because somebody has taken away the first member of its hard-link group. */
function stageStep(step: Step, staging: Staging): boolean {
  const { area, name, staged } = staging;
  switch (step.action) {
    case 'make-directory':
      area.makeDirectory(name, 0o700);
      break;
    case 'put-symlink':
      area.makeSymlink(name, step.entry.target);
      break;
    case 'put-file':
      placeBlob(step.entry.digest, staging);
      staged.set(step.entry.path, { directory: area, name });
      break;
    case 'put-link':
      return linkLeader(step.entry.linkTo, staging);
    case 'set-metadata':
      return true;
  }
  area.setMetadata(name, metadataOf(step.entry), true);
  return true;
}

/** Makes another name of a hard-link group's first member: of what is staged for it, else of what is there. */
function linkLeader(path: RepoPath, { area, name, staged, leaders }: Staging): boolean {
  const leader = staged.get(path) ?? leaders.find(path);
  if (leader?.directory.lookup(leader.name)?.type !== 'file') return false;
  leader.directory.makeLink(leader.name, area, name);
  return true;
}

/** The last user of a blob gets the blob itself, the others get copies. */
function placeBlob(digest: Digest, { area, name, cache, uses }: Staging): void {
  const left = (uses.get(digest) ?? 1) - 1;
  uses.set(digest, left);
  if (left === 0) {
    try {
      cache.take(digest, area, name);
      return;
    } catch (error) {
      if (errnoOf(error) !== 'EXDEV') throw error;
    }
  }
  copyContent({ directory: cache.directory, name: ownName(digest) }, { directory: area, name });
  if (left === 0) cache.remove(digest);
}

function countUses(steps: readonly Step[]): Map<Digest, number> {
  const uses = new Map<Digest, number>();
  for (const step of steps) {
    if (step.action === 'put-file') uses.set(step.entry.digest, (uses.get(step.entry.digest) ?? 0) + 1);
  }
  return uses;
}
