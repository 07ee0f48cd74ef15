import type { Digest, RepoPath } from '@swupd/shared';
import type { Directory } from '../../disk/index.ts';
import type { ChangePlan } from '../../plan/plan.ts';
import type { HookPoint } from '../../state/due-hooks.ts';
import { type HistoryEvent, historyBytes } from '../../state/history.ts';
import type { Home } from '../../state/home.ts';
import { type InstalledRecord, isInstalled } from '../../state/installed-record.ts';
import type { Previous } from '../../state/previous-versions.ts';
import type { Areas } from '../staging/areas.ts';
import type { Journal, JournalRemoval, JournalStep, Present } from './journal.ts';

/** A plan whose content is in the cache, and the record that will be true when it has been carried out. */
export interface Transaction {
  readonly plan: ChangePlan;
  readonly record: InstalledRecord;
  /** Old content that the kept content gets instead of being deleted, by the path where it is. */
  readonly keep: ReadonlyMap<RepoPath, Digest>;
  /** What the device can go back to after the commit; undefined where that stays as it is. */
  readonly previous?: Previous | undefined;
  readonly event: HistoryEvent;
  /** The hooks that are due when it is over. */
  readonly hooks: readonly HookPoint[];
}

export interface PrepareInput {
  readonly transaction: Transaction;
  /** The staged steps. */
  readonly steps: readonly JournalStep[];
  readonly areas: Areas;
  readonly state: Directory;
}

/** The journal of a transaction whose steps are staged. */
export function prepareJournal({ transaction, steps, areas, state }: PrepareInput): Journal {
  const { plan, record, keep, previous, event, hooks } = transaction;
  const removals = plan.removals.map((removal) => ({
    ...removal,
    home: areas.homeFor(removal.path),
    digest: removal.type === 'file' ? keep.get(removal.path) : undefined,
  }));
  const withDigest = ({ step, home, present }: JournalStep): JournalStep => {
    return { step, home, present: keepUnder(present, keep.get(step.entry.path)) };
  };
  return {
    steps: steps.map(withDigest),
    removals,
    record,
    isNewRecord: !isInstalled(state, record),
    previous: previous && { ...previous, homes: keptHomes(previous, steps, removals) },
    event,
    hooks,
    historyBytes: historyBytes(state),
  };
}

/** Where something is kept, and where it may be from now on. */
function keptHomes(
  { homes }: Previous,
  steps: readonly JournalStep[],
  removals: readonly JournalRemoval[],
): Home[] {
  return [...new Set([...homes, ...steps.map(({ home }) => home), ...removals.map(({ home }) => home)])];
}

function keepUnder(present: Present, digest: Digest | undefined): Present {
  const isReplaced = present.kind === 'kept' || present.kind === 'aside';
  return isReplaced && digest !== undefined ? { ...present, digest } : present;
}
