import type { Notice } from '../plan/plan.ts';
import { noteDueHooks } from '../state/due-hooks.ts';
import type { Home } from '../state/home.ts';
import { carryOut } from './carry-out.ts';
import { changeFailed, isFailure, takeBackFailed } from './change-failed.ts';
import { type Begun, type JournalStep, removeJournal, writeJournal } from './journal/journal.ts';
import { codeOf, noteInHistory } from './journal/note-in-history.ts';
import { prepareJournal, type Transaction } from './journal/prepare-journal.ts';
import { Areas, STAGING } from './staging/areas.ts';
import { type ReadBack, readBack as readStaged } from './staging/read-back.ts';
import { stageContent } from './staging/stage-content.ts';
import { forgetHomes, noteHomes, removeStaged } from './staging/staging-homes.ts';
import type { TransactionDevice } from './transaction-device.ts';

export interface TransactionResult {
  /** What had to be left. */
  readonly notices: Notice[];
  readonly readBack: ReadBack;
}

/**
 * The tail that all changing commands share: stage ▸ read back ▸ journal ▸ apply ▸ commit ▸ delete. What fails before the commit
 * leaves the system as it was; what is cut off is finished or taken back by `finishInterrupted`.
 * @throws DeviceError `no-space`, `read-back-failed` and `apply-failed`: nothing has changed; `unfinished`: there is something
 * left to do
 */
export function runTransaction(device: TransactionDevice, transaction: Transaction): TransactionResult {
  const areas = new Areas(device.root, device.state.top, STAGING);
  try {
    const { begun, readBack } = begin(device, transaction, areas);
    const end = carryOut(device, areas, begun);
    if (end.kind === 'taken-back') throw changeFailed(end.cause);
    return { notices: end.notices, readBack };
  } finally {
    areas.close();
  }
}

interface Prepared {
  readonly begun: Begun;
  readonly readBack: ReadBack;
}

/** Prepares everything, durably, so that from the journal on only names change. */
function begin(device: TransactionDevice, transaction: Transaction, areas: Areas): Prepared {
  const { state } = device;
  let homes: Home[] = [];
  try {
    homes = transaction.plan.steps.map(({ entry }) => areas.homeFor(entry.path));
    removeStaged(state.top, areas, homes);
    noteHomes(state.top, homes);
    const steps = stage(device, transaction, areas);
    const readBack = readStaged({ steps, areas, progress: device.ports.progress });
    const journal = prepareJournal({ transaction, steps, areas, state: state.top });
    const id = writeJournal(state.top, journal);
    return { begun: { journal, id, phase: 'begun', wasCut: false }, readBack };
  } catch (cause) {
    if (!isFailure(cause)) throw cause;
    giveUp(device, areas, { homes, cause });
    const { event, hooks } = transaction;
    noteInHistory(device, { ...event, outcome: 'failed', cut: false, code: codeOf(cause) });
    if (hooks.length > 0) noteDueHooks(state.top, { event, outcome: 'failed', points: hooks });
    throw changeFailed(cause);
  }
}

function stage(
  { root, cache, ports }: TransactionDevice,
  { plan }: Transaction,
  areas: Areas,
): JournalStep[] {
  const staged = stageContent({ root, steps: plan.steps, areas, cache, progress: ports.progress });
  areas.sync(
    ports.disk,
    staged.map(({ home }) => home),
  );
  return staged;
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
    forgetHomes(state.top, areas, { disk: ports.disk, homes });
  } catch (failure) {
    throw isFailure(failure) ? takeBackFailed(failure, cause) : failure;
  }
}
