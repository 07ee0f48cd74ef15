import { SwupdError } from '@swupd/shared';
import { errnoOf } from '../disk/index.ts';
import { appendHistory, type HistoryEntry, type HistoryEvent } from '../state/history.ts';
import type { Home } from '../state/home.ts';
import type { Areas } from './areas.ts';
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
 * Removes what a transaction leaves behind, its journal last. What has left the staging areas is durable before they go, or it
 * would go with them; and all is durable before the journal goes, because nobody carries it out again then.
 */
export function endTransaction(device: TransactionDevice, areas: Areas, ending: Ending): void {
  const { state, ports } = device;
  areas.sync(ports.disk, ending.homes);
  removeStaged(state.top, areas, ending.homes);
  noteHistory(device, ending);
  forgetHomes(state.top, areas, ports.disk);
  removeJournal(state.top);
}

function noteHistory(device: TransactionDevice, { begun, outcome, cause }: Ending): void {
  const { journal, id, wasCut } = begun;
  note(device, { ...journal.event, time: device.ports.now(), outcome, cut: wasCut, code: codeOf(cause), id });
}

/** A change that has failed before anything was changed. */
export function noteFailure(device: TransactionDevice, event: HistoryEvent, cause: unknown): void {
  note(device, { ...event, time: device.ports.now(), outcome: 'failed', cut: false, code: codeOf(cause) });
}

/** A line that can't be written is no reason to stop. */
function note({ state }: TransactionDevice, entry: HistoryEntry): void {
  try {
    appendHistory(state.top, entry);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof SwupdError ? cause.code : errnoOf(cause);
}
