import type { Directory } from '../disk/index.ts';
import type { Notice } from '../plan/plan.ts';
import type { Home } from '../state/home.ts';
import { isInstalled, writeInstalledRecord } from '../state/installed-record.ts';
import { writePrevious } from '../state/previous-versions.ts';
import { inPlaceApplier } from './apply/in-place-applier.ts';
import { KeptContent } from './apply/kept-content.ts';
import { clearUpFailed, isFailure, takeBackFailed } from './change-failed.ts';
import { endTransaction } from './end-transaction.ts';
import { type Begun, type Journal, markJournal } from './journal/journal.ts';
import type { Areas } from './staging/areas.ts';
import type { TransactionDevice } from './transaction-device.ts';

/** How a transaction has ended. Either way there is nothing left of it to do. */
export type TransactionEnd =
  | { readonly kind: 'done'; readonly notices: Notice[] }
  | { readonly kind: 'taken-back'; readonly cause: Error };

/**
 * Carries on from wherever the transaction has got to, and to its end: the new system, or where that can't be reached before
 * the commit, the old one.
 * @throws DeviceError `unfinished`
 */
export function carryOut(device: TransactionDevice, areas: Areas, begun: Begun): TransactionEnd {
  const { journal, phase } = begun;
  if (phase === 'back') return goBack(device, areas, { begun, cause: undefined });
  if (phase === 'begun') {
    try {
      applyAndCommit(device, areas, journal);
    } catch (cause) {
      if (!isFailure(cause)) throw cause;
      if (isCommitted(device.state.top, journal)) throw clearUpFailed(cause);
      return goBack(device, areas, { begun, cause });
    }
  }
  return { kind: 'done', notices: clearUp(device, areas, begun) };
}

/** The installed record says so. One that is the same before and after says nothing, but then nothing has been deleted yet. */
function isCommitted(state: Directory, { record, isNewRecord }: Journal): boolean {
  return isNewRecord && isInstalled(state, record);
}

function applyAndCommit({ root, state, ports }: TransactionDevice, areas: Areas, journal: Journal): void {
  inPlaceApplier(root, areas).apply(journal, ports.progress);
  areas.sync(ports.disk, homesOf(journal));
  writeInstalledRecord(state.top, journal.record);
}

/** After the commit it only goes forward. */
function clearUp(device: TransactionDevice, areas: Areas, begun: Begun): Notice[] {
  const { root, state } = device;
  const { journal } = begun;
  const homes = homesOf(journal);
  const kept = new KeptContent(root, state.top, homes);
  try {
    if (begun.phase === 'begun') markJournal(state.top, 'committed');
    const sync = (): void => areas.sync(device.ports.disk, homes);
    const notices = inPlaceApplier(root, areas).removeObsolete(journal, { kept, sync });
    if (journal.previous !== undefined) writePrevious(state.top, journal.previous);
    endTransaction(device, areas, { begun, homes, outcome: 'done' });
    return notices;
  } catch (failure) {
    throw isFailure(failure) ? clearUpFailed(failure) : failure;
  } finally {
    kept.close();
  }
}

interface Reason {
  readonly begun: Begun;
  /** Undefined where an earlier command knew it, that was cut off while it went back. */
  readonly cause: Error | undefined;
}

/** From the mark in the journal on, whoever comes after a cut goes back as well. */
function goBack(device: TransactionDevice, areas: Areas, { begun, cause }: Reason): TransactionEnd {
  const { root, state } = device;
  const homes = homesOf(begun.journal);
  try {
    if (begun.phase === 'begun') markJournal(state.top, 'back');
    inPlaceApplier(root, areas).takeBack(begun.journal);
    endTransaction(device, areas, { begun, homes, outcome: 'taken-back', cause });
  } catch (failure) {
    throw isFailure(failure) ? takeBackFailed(failure, cause) : failure;
  }
  return { kind: 'taken-back', cause: cause ?? new Error('it was cut off while it was taken back') };
}

/** All file systems that a transaction touches. */
export function homesOf({ steps, removals }: Journal): Set<Home> {
  return new Set([...steps.map(({ home }) => home), ...removals.map(({ home }) => home)]);
}
