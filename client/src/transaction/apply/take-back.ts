import type { Entry } from '@swupd/manifests';
import { type Directory, errnoOf, isSameNode, PathWalker, type Place } from '../../disk/index.ts';
import type { Journal, JournalStep, Present } from '../journal/journal.ts';
import type { Areas } from '../staging/areas.ts';
import { keptName, stagedName } from '../staging/stage-content.ts';
import { looksLike } from './is-shown.ts';
import { freeName } from './kept-name.ts';

export interface TakeBackContext {
  readonly root: Directory;
  readonly areas: Areas;
}

/**
 * Puts back what the steps have replaced, the last one first. No operation needs room for a new name, so that a full disk does
 * not stop it, and each may be done again after a cut: what is no longer kept in the staging area is back already.
 */
export function takeBack({ steps }: Journal, { root, areas }: TakeBackContext): void {
  const walker = new PathWalker(root);
  try {
    for (let number = steps.length - 1; number >= 0; number--) {
      const step = steps[number];
      if (step === undefined) continue;
      const place = walker.find(step.step.entry.path);
      if (place === undefined) continue;
      takeBackStep(step, place, { directory: areas.open(step.home), number });
      walker.reset();
    }
  } finally {
    walker.reset();
  }
}

interface StepArea {
  readonly directory: Directory;
  readonly number: number;
}

function takeBackStep({ step, present }: JournalStep, place: Place, area: StepArea): void {
  const { directory, name } = place;
  const wasShown = area.directory.lookup(stagedName(area.number)) === undefined;
  switch (present.kind) {
    case 'passed':
      return;
    case 'metadata':
      if (directory.lookup(name)?.type === present.metadata.type)
        directory.setMetadata(name, present.metadata, false);
      return;
    case 'nothing':
      if (wasShown && looksLike(step.entry, place)) removeNew(step.entry, place);
      return;
    default:
      putBack(oldPlace(present, place, area), place, wasShown ? step.entry : undefined);
  }
}

/** Where the old one waits. */
function oldPlace(present: Present, { directory }: Place, area: StepArea): Place {
  if (present.kind === 'beside') return { directory, name: present.name as Place['name'] };
  return { directory: area.directory, name: keptName(area.number) };
}

/** Gives the old one its name again, where it has lost it. `shown`: the entry that is in its place then. */
function putBack(old: Place, place: Place, shown: Entry | undefined): void {
  const kept = old.directory.lookup(old.name);
  if (kept === undefined) return;
  const there = place.directory.lookup(place.name);
  // Two names of one inode: rename(2) would do nothing, and it has its name.
  if (there !== undefined && isSameNode(kept, there)) return;
  if (there !== undefined && shown === undefined) return;
  // Only a rename of a file over a file leaves no moment without one.
  const canReplace = there !== undefined && there.type !== 'directory' && kept.type !== 'directory';
  if (shown !== undefined && there !== undefined && !canReplace) removeNew(shown, place);
  old.directory.rename(old.name, place.directory, place.name);
}

/** What somebody has put into a new directory meanwhile goes beside with it, instead of being lost. */
function removeNew(entry: Entry, { directory, name }: Place): void {
  if (entry.type !== 'directory') {
    directory.removeFile(name);
    return;
  }
  try {
    directory.removeDirectory(name);
  } catch (error) {
    if (errnoOf(error) !== 'ENOTEMPTY' && errnoOf(error) !== 'EEXIST') throw error;
    directory.rename(name, directory, freeName(directory, name));
  }
}
