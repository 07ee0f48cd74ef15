import type { Notice } from '../plan/plan.ts';
import type { Home } from '../state/home.ts';
import { Areas, STAGING } from './areas.ts';
import { carryOut } from './carry-out.ts';
import { changeFailed, isFailure, takeBackFailed } from './change-failed.ts';
import { noteFailure } from './end-transaction.ts';
import { type Begun, type Journal, removeJournal, writeJournal } from './journal.ts';
import { prepareJournal, type Transaction } from './prepare-journal.ts';
import { stageContent } from './stage-content.ts';
import { forgetHomes, noteHomes, removeStaged } from './staging-homes.ts';
import type { TransactionDevice } from './transaction-device.ts';

/**
 * The tail that all changing commands share: stage ▸ journal ▸ apply ▸ commit ▸ delete. What fails before the commit leaves the
 * system as it was; what is cut off is finished or taken back by `finishInterrupted`.
 * @returns what had to be left
 * @throws DeviceError `no-space` and `apply-failed`: nothing has changed; `unfinished`: there is something left to do
 */
export function runTransaction(device: TransactionDevice, transaction: Transaction): Notice[] {
  const areas = new Areas(device.root, device.state.top, STAGING);
  try {
    const begun = begin(device, transaction, areas);
    const end = carryOut(device, areas, begun);
    if (end.kind === 'taken-back') throw changeFailed(end.cause);
    return end.notices;
  } finally {
    areas.close();
  }
}

/** Prepares everything, durably, so that from the journal on only names change. */
function begin(device: TransactionDevice, transaction: Transaction, areas: Areas): Begun {
  const { state } = device;
  let homes: Home[] = [];
  try {
    homes = transaction.plan.steps.map(({ entry }) => areas.homeFor(entry.path));
    removeStaged(state.top, areas, homes);
    noteHomes(state.top, homes);
    const journal = stage(device, transaction, areas);
    return { journal, id: writeJournal(state.top, journal), phase: 'begun', wasCut: false };
  } catch (cause) {
    if (!isFailure(cause)) throw cause;
    giveUp(device, areas, { homes, cause });
    noteFailure(device, transaction.event, cause);
    throw changeFailed(cause);
  }
}

function stage(
  { root, state, cache, ports }: TransactionDevice,
  transaction: Transaction,
  areas: Areas,
): Journal {
  const { steps } = transaction.plan;
  const staged = stageContent({ root, steps, areas, cache, progress: ports.progress });
  areas.sync(
    ports.disk,
    staged.map(({ home }) => home),
  );
  return prepareJournal({ transaction, steps: staged, areas, state: state.top });
}

/** Nothing has changed yet. The journal may be there all the same, where only its directory could not be synced. */
function giveUp(
  { state, ports }: TransactionDevice,
  areas: Areas,
  { homes, cause }: { homes: readonly Home[]; cause: Error },
): void {
  try {
    removeJournal(state.top);
    removeStaged(state.top, areas, homes);
    forgetHomes(state.top, areas, ports.disk);
  } catch (failure) {
    throw isFailure(failure) ? takeBackFailed(failure, cause) : failure;
  }
}
