import type { Progress, RepoPath } from '@swupd/shared';
import { type Directory, type NodeStat, PathWalker, type Place } from '../disk/index.ts';
import type { Step } from '../plan/plan.ts';
import type { Applier } from './applier.ts';
import type { Journal } from './journal.ts';
import { freeName } from './kept-name.ts';
import { removeObsolete } from './remove-obsolete.ts';
import { asideName, metadataOf, stagedName } from './stage-content.ts';
import type { StagingAreas } from './staging-areas.ts';

/**
 * Shows staged content under its final names, one rename after the other, in the root that is running. Every step may be
 * done again after a cut: what is no longer in the staging area has got its name already.
 */
export function inPlaceApplier(root: Directory, areas: StagingAreas): Applier {
  return {
    apply: (journal, progress) => applySteps(journal, { root, areas, progress }),
    removeObsolete: (journal) => removeObsolete(journal, { root, areas }),
  };
}

interface ApplyContext {
  readonly root: Directory;
  readonly areas: StagingAreas;
  readonly progress: Progress;
}

interface StepContext {
  readonly walker: PathWalker;
  readonly leaders: PathWalker;
  readonly area: Directory;
  readonly number: number;
}

function applySteps({ plan, homes }: Journal, { root, areas, progress }: ApplyContext): void {
  const walker = new PathWalker(root);
  const leaders = new PathWalker(root);
  try {
    plan.steps.forEach((step, number) => {
      const area = areas.open(homes[number] ?? 'state').directory;
      applyStep(step, { walker, leaders, area, number });
      progress.report({ stage: 'apply', done: number + 1, total: plan.steps.length, unit: 'files' });
    });
  } finally {
    walker.reset();
    leaders.reset();
  }
  progress.finish('apply');
}

/**
 * What somebody has taken away since the plan was made is passed over, for `verify` to find: a journal that can't be carried
 * out would hold up every later command.
 */
function applyStep(step: Step, context: StepContext): void {
  const place = context.walker.find(step.entry.path);
  if (place === undefined) return;
  switch (step.action) {
    case 'set-metadata':
      if (place.directory.lookup(place.name)?.type === step.entry.type)
        place.directory.setMetadata(place.name, metadataOf(step.entry), false);
      break;
    case 'put-link':
      if (stageLink(step.entry.linkTo, place, context)) showStaged(step, place, context);
      break;
    case 'make-directory':
    case 'put-file':
    case 'put-symlink':
      if (context.area.lookup(stagedName(context.number)) !== undefined) showStaged(step, place, context);
      break;
  }
}

/** Makes another name of a hard-link group's first member; false where the path is one already, or that one is gone. */
function stageLink(leaderPath: RepoPath, place: Place, { leaders, area, number }: StepContext): boolean {
  leaders.reset();
  const leader = leaders.find(leaderPath);
  const wanted = leader?.directory.lookup(leader.name);
  if (leader === undefined || wanted?.type !== 'file') return false;
  const present = place.directory.lookup(place.name);
  if (present?.inode === wanted.inode && present.device === wanted.device) return false;
  if (area.lookup(stagedName(number)) !== undefined) area.removeFile(stagedName(number));
  leader.directory.makeLink(leader.name, area, stagedName(number));
  return true;
}

function showStaged(
  step: Exclude<Step, { action: 'set-metadata' }>,
  place: Place,
  { walker, area, number }: StepContext,
): void {
  const present = place.directory.lookup(place.name);
  switch (present === undefined ? 'replace' : wayOf(step, present)) {
    case 'keep':
      place.directory.rename(place.name, place.directory, freeName(place.directory, place.name));
      break;
    case 'set-aside':
      place.directory.rename(place.name, area, asideName(number));
      break;
    case 'replace':
      break;
  }
  area.rename(stagedName(number), place.directory, place.name);
  // Handles below this path would lead into what has been moved away.
  if (present !== undefined) walker.reset();
}

/** What becomes of what is in the way: kept beside, where it is not what the plan has seen there. */
function wayOf(
  { action, obstacle }: Exclude<Step, { action: 'set-metadata' }>,
  { type }: NodeStat,
): 'keep' | 'set-aside' | 'replace' {
  const isExpected =
    obstacle === 'directory' ? type === 'directory' : obstacle === 'replaceable' && type !== 'directory';
  if (!isExpected) return 'keep';
  return obstacle === 'directory' || action === 'make-directory' ? 'set-aside' : 'replace';
}
