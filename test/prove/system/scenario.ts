import type { Disk } from '@swupd/client';
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
  /** What a test puts between the client and the disk. */
  readonly meddle?: (disk: Disk) => Disk;
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

/** The scenario's client on a disk. */
export function clientOn({ objects, anchor, meddle }: Scenario, disk: Disk): Client {
  return { objects, anchor, disk: meddle?.(disk) ?? disk };
}

/** Runs the scenario without a cut. */
export async function endsOf(scenario: Scenario): Promise<Ends> {
  const before = new ModelDisk(scenario.before);
  const after = new ModelDisk(scenario.before);
  await change(clientOn(scenario, after), scenario.command);
  const ends = { old: await whole(scenario, before), new: await whole(scenario, after) };
  return { ...ends, back: await goBack(scenario, after) };
}

/** Takes the system on the disk back, with a server that has nothing. */
export async function goBack(scenario: Scenario, disk: ModelDisk): Promise<SystemState | undefined> {
  if (scenario.back === undefined) return undefined;
  await change({ ...clientOn(scenario, disk), objects: new Map() }, scenario.back);
  return systemState(disk);
}

async function whole(scenario: Scenario, disk: ModelDisk): Promise<Whole> {
  const state = systemState(disk);
  return { state, findings: await findingsOf(clientOn(scenario, disk), state) };
}
