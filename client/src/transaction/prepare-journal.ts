import type { Digest, RepoPath } from '@swupd/shared';
import type { Directory } from '../disk/index.ts';
import type { ChangePlan } from '../plan/plan.ts';
import { type HistoryEvent, historyBytes } from '../state/history.ts';
import { type InstalledRecord, isInstalled } from '../state/installed-record.ts';
import type { PreviousVersion } from '../state/previous-versions.ts';
import type { Areas } from './areas.ts';
import type { Journal, JournalStep, Present } from './journal.ts';

/** A plan whose content is in the cache, and the record that will be true when it has been carried out. */
export interface Transaction {
  readonly plan: ChangePlan;
  readonly record: InstalledRecord;
  /** Old content that the kept content gets instead of being deleted, by the path where it is. */
  readonly keep: ReadonlyMap<RepoPath, Digest>;
  /** The versions to go back to that are true after the commit; undefined where they stay as they are. */
  readonly previous?: readonly PreviousVersion[] | undefined;
  readonly event: HistoryEvent;
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
  const { plan, record, keep, previous, event } = transaction;
  const withDigest = ({ step, home, present }: JournalStep): JournalStep => {
    return { step, home, present: keepUnder(present, keep.get(step.entry.path)) };
  };
  return {
    steps: steps.map(withDigest),
    removals: plan.removals.map((removal) => ({
      ...removal,
      home: areas.homeFor(removal.path),
      digest: removal.type === 'file' ? keep.get(removal.path) : undefined,
    })),
    record,
    isNewRecord: !isInstalled(state, record),
    previous,
    event,
    historyBytes: historyBytes(state),
  };
}

function keepUnder(present: Present, digest: Digest | undefined): Present {
  const isReplaced = present.kind === 'kept' || present.kind === 'aside';
  return isReplaced && digest !== undefined ? { ...present, digest } : present;
}
