import type { Device } from '../device/device.ts';
import { type HistoryEntry, readHistory } from '../state/history.ts';

export interface HistoryOptions {
  /** How many of the last entries. */
  readonly count: number;
}

/** What has been done to the system, the oldest first. Asks nobody. */
export async function history(device: Device, { count }: HistoryOptions): Promise<HistoryEntry[]> {
  return readHistory(device.state.top).slice(-count);
}
