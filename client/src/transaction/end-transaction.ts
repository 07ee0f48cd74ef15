import { noteDueHooks } from '../state/due-hooks.ts';
import type { HistoryEntry } from '../state/history.ts';
import type { Home } from '../state/home.ts';
import { type Begun, removeJournal } from './journal/journal.ts';
import { codeOf, noteInHistory } from './journal/note-in-history.ts';
import type { Areas } from './staging/areas.ts';
import { forgetHomes, removeStaged } from './staging/staging-homes.ts';
import type { TransactionDevice } from './transaction-device.ts';

export interface Ending {
  readonly begun: Begun;
  readonly homes: ReadonlySet<Home>;
  readonly outcome: Extract<HistoryEntry['outcome'], 'done' | 'taken-back'>;
  readonly cause?: Error | undefined;
}

/**
 * Removes what a transaction leaves behind, its journal last. What has left the staging areas is durable before they go, or it
 * would go with them; and all is durable before the journal goes, because nobody carries it out again then.
 */
export function endTransaction(device: TransactionDevice, areas: Areas, ending: Ending): void {
  const { state, ports } = device;
  const { begun, homes, outcome, cause } = ending;
  const { journal, id, wasCut } = begun;
  areas.sync(ports.disk, homes);
  removeStaged(state.top, areas, homes);
  noteInHistory(device, { ...journal.event, outcome, cut: wasCut, code: codeOf(cause), id });
  if (journal.hooks.length > 0)
    noteDueHooks(state.top, { event: journal.event, outcome, points: journal.hooks });
  forgetHomes(state.top, areas, { disk: ports.disk, homes });
  removeJournal(state.top);
}
