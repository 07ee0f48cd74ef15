import { SwupdError } from '@swupd/shared';
import { errnoOf } from '../../disk/index.ts';
import { appendHistory, type HistoryEntry } from '../../state/history.ts';
import type { TransactionDevice } from '../transaction-device.ts';

/** Adds a line to the history, now. One that can't be written is no reason to stop. */
export function noteInHistory(
  { state, ports }: Pick<TransactionDevice, 'state' | 'ports'>,
  entry: Omit<HistoryEntry, 'time'>,
): void {
  try {
    appendHistory(state.top, { ...entry, time: ports.now() });
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
}

/** The code of an error that has ended a change. */
export function codeOf(cause: unknown): string | undefined {
  return cause instanceof SwupdError ? cause.code : errnoOf(cause);
}
