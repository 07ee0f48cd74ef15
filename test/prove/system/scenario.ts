import type { Image, ModelDisk } from '../model/index.ts';
import { type Client, type Command, change } from './run-client.ts';
import { findingsOf, type SystemState, systemState } from './system-state.ts';

/** A command on a system that is ready for it. */
export interface Scenario {
  readonly name: string;
  /** The settled disk before the command. */
  readonly before: Image;
  readonly objects: Client['objects'];
  readonly anchor: Uint8Array;
  readonly command: Command;
  /** Codes with which the same command may end where its work is done already. */
  readonly doneCodes: readonly string[];
}

/** A state that a cut may leave, and what `verify` says there. */
export interface Whole {
  readonly state: SystemState;
  readonly findings: readonly string[];
}

/** The only two states in which a cut may leave the system of a scenario. */
export interface Ends {
  readonly old: Whole;
  readonly new: Whole;
}

/** Runs the scenario without a cut. */
export async function endsOf(scenario: Scenario, newDisk: (image: Image) => ModelDisk): Promise<Ends> {
  const before = newDisk(scenario.before);
  const after = newDisk(scenario.before);
  await change({ ...scenario, disk: after }, scenario.command);
  return { old: await whole(scenario, before), new: await whole(scenario, after) };
}

async function whole(scenario: Scenario, disk: ModelDisk): Promise<Whole> {
  const state = systemState(disk);
  return { state, findings: await findingsOf({ ...scenario, disk }, state) };
}
