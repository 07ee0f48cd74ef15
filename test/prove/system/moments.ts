import { type CutState, ModelDisk } from '../model/index.ts';
import { change } from './run-client.ts';
import { clientOn, type Scenario } from './scenario.ts';

/** A moment at which the power may be cut. */
export interface Moment {
  /** The operation before it. */
  readonly text: string;
  readonly state: CutState;
  /** Whether the command had said that it is done. */
  readonly isDone: boolean;
}

/** The moments of the scenario's command: before it, after each operation that changes or syncs something, and when it is done. */
export async function momentsOf(scenario: Scenario): Promise<Moment[]> {
  const disk = new ModelDisk(scenario.before);
  const moments: Moment[] = [{ text: 'before', state: disk.cutState(), isDone: false }];
  watchMoments(disk, moments);
  await change(clientOn(scenario, disk), scenario.command);
  return [...moments, { text: 'done', state: disk.cutState(), isDone: true }];
}

/** Adds the moments of whatever happens on the disk from now on. */
export function watchMoments(disk: ModelDisk, moments: Moment[]): void {
  disk.observer = (text) => moments.push({ text, state: disk.cutState(), isDone: false });
}
