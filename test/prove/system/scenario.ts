import { type Image, ModelDisk } from '../model/index.ts';
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
  /** What takes the new state back, without a server. */
  readonly back?: Command | undefined;
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
  /** What `back` makes of the new one. */
  readonly back: SystemState | undefined;
}

/** Runs the scenario without a cut. */
export async function endsOf(scenario: Scenario): Promise<Ends> {
  const before = new ModelDisk(scenario.before);
  const after = new ModelDisk(scenario.before);
  await change({ ...scenario, disk: after }, scenario.command);
  const ends = { old: await whole(scenario, before), new: await whole(scenario, after) };
  return { ...ends, back: await goBack(scenario, after) };
}

/** Takes the system on the disk back, with a server that has nothing. */
export async function goBack({ back, anchor }: Scenario, disk: ModelDisk): Promise<SystemState | undefined> {
  if (back === undefined) return undefined;
  await change({ disk, anchor, objects: new Map() }, back);
  return systemState(disk);
}

async function whole(scenario: Scenario, disk: ModelDisk): Promise<Whole> {
  const state = systemState(disk);
  return { state, findings: await findingsOf({ ...scenario, disk }, state) };
}
