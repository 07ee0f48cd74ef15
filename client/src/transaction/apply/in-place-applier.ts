import type { Progress } from '@swupd/shared';
import { type Directory, isSameNode, PathWalker, type Place } from '../../disk/index.ts';
import type { Journal, JournalStep } from '../journal/journal.ts';
import type { Areas } from '../staging/areas.ts';
import { keptName, metadataOf, stagedName } from '../staging/stage-content.ts';
import type { Applier } from './applier.ts';
import { isShown } from './is-shown.ts';
import { keepName } from './keep-present.ts';
import { freeName } from './kept-name.ts';
import { removeObsolete } from './remove-obsolete.ts';
import { takeBack } from './take-back.ts';

/**
 * Shows staged content under its final names, one rename after the other, in the root that is running. Every step may be
 * done again after a cut: what is no longer in the staging area has got its name already.
 */
export function inPlaceApplier(root: Directory, areas: Areas): Applier {
  return {
    apply: (journal, progress) => applySteps(journal, { root, areas, progress }),
    takeBack: (journal) => takeBack(journal, { root, areas }),
    removeObsolete: (journal, options) => removeObsolete(journal, { root, areas, ...options }),
  };
}

interface ApplyContext {
  readonly root: Directory;
  readonly areas: Areas;
  readonly progress: Progress;
}

function applySteps({ steps }: Journal, { root, areas, progress }: ApplyContext): void {
  const walker = new PathWalker(root);
  try {
    steps.forEach((step, number) => {
      applyStep(step, { walker, area: areas.open(step.home), number });
      progress.report({ stage: 'apply', done: number + 1, total: steps.length, unit: 'files' });
    });
  } finally {
    walker.reset();
  }
  progress.finish('apply');
}

interface StepContext {
  readonly walker: PathWalker;
  readonly area: Directory;
  readonly number: number;
}

/** What somebody has taken away since the plan was made is passed over, for `verify` to find. */
function applyStep({ step, present }: JournalStep, { walker, area, number }: StepContext): void {
  const place = walker.find(step.entry.path);
  if (place === undefined || present.kind === 'passed') return;
  const { directory, name } = place;
  if (step.action === 'set-metadata') {
    if (directory.lookup(name)?.type === step.entry.type)
      directory.setMetadata(name, metadataOf(step.entry), false);
    return;
  }
  if (isShown(step, place, { directory: area, name: stagedName(number) })) return;
  const isTaken = directory.lookup(name) !== undefined;
  if (isTaken) makeRoom(present, place, { directory: area, name: keptName(number) });
  area.rename(stagedName(number), directory, name);
  // Handles below this path would lead into what has been moved away.
  if (isTaken) walker.reset();
}

/** Moves what is at `place` away, or makes sure that it is not lost when the rename replaces it. */
function makeRoom(present: JournalStep['present'], place: Place, old: Place): void {
  const { directory, name } = place;
  const there = directory.lookup(name);
  if (there === undefined) return;
  const kept = old.directory.lookup(old.name);
  if (present.kind === 'kept' && there.type !== 'directory') {
    if (kept !== undefined && (present.isCopy || isSameNode(kept, there))) return;
    // Somebody has replaced it since.
    if (kept !== undefined) old.directory.removeFile(old.name);
    keepName(place, old);
    return;
  }
  if (present.kind === 'aside' && kept === undefined) directory.rename(name, old.directory, old.name);
  else if (present.kind === 'beside' && directory.lookup(present.name as typeof name) === undefined)
    directory.rename(name, directory, present.name as typeof name);
  else directory.rename(name, directory, freeName(directory, name));
}
