import { SwupdError } from '@swupd/shared';
import { errnoOf } from '../disk/index.ts';
import { appendHistory, type HistoryEntry } from '../state/history.ts';
import type { Areas, Home } from './areas.ts';
import { type Begun, removeJournal } from './journal.ts';
import { forgetHomes, removeStaged } from './staging-homes.ts';
import type { TransactionDevice } from './transaction-device.ts';

export interface Ending {
  readonly begun: Begun;
  readonly homes: ReadonlySet<Home>;
  readonly outcome: HistoryEntry['outcome'];
  readonly cause?: Error | undefined;
}

/**
 * Removes what a transaction leaves behind, its journal last: once that is durably gone nobody carries it out again, so all that
 * was done is durable before.
 */
export function endTransaction(device: TransactionDevice, areas: Areas, ending: Ending): void {
  const { state, ports } = device;
  removeStaged(state.top, areas, ending.homes);
  areas.sync(ports.disk, ending.homes);
  noteHistory(device, ending);
  forgetHomes(state.top, areas, ports.disk);
  removeJournal(state.top);
}

/** A line that can't be written is no reason to leave a transaction open. */
function noteHistory({ state, ports }: TransactionDevice, { begun, outcome, cause }: Ending): void {
  const { journal, id, wasCut } = begun;
  const code = cause instanceof SwupdError ? cause.code : errnoOf(cause);
  try {
    appendHistory(state.top, { ...journal.event, time: ports.now(), outcome, cut: wasCut, code, id });
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
}
