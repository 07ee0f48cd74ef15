import { BLOCK, type Image, ModelDisk, ROOMY, roomOf } from '../model/index.ts';
import { codeOf, describeError, Judge } from './judge.ts';
import { change } from './run-client.ts';
import { clientOn, type Ends, endsOf, type Scenario } from './scenario.ts';
import { compareStates, systemState } from './system-state.ts';

export interface SpaceOptions {
  /** Every how many-th amount of room is tried. */
  readonly stride: number;
  readonly onTry?: (broken: boolean) => void;
}

export interface SpaceReport {
  readonly tried: number;
  readonly succeeded: number;
  /** Refused by the client's own reckoning. */
  readonly refused: number;
  /** It had begun to change the root, ran out of room, and took everything back. */
  readonly takenBack: number;
  /** Failed otherwise, with a code. */
  readonly failed: number;
  readonly broken: readonly { readonly room: string; readonly faults: readonly string[] }[];
}

/** How much is free on one of the file systems. */
interface Room {
  readonly volume: number;
  readonly of: 'bytes' | 'nodes';
  /** Blocks or inodes. */
  readonly free: number;
}

type Ending = 'succeeded' | 'refused' | 'takenBack' | 'failed';

/** Once it has had enough room so often, more of it tells nothing. */
const ENOUGH = 3;

/** Gives the scenario less room than it needs, on each file system, in blocks and in inodes, and ever more until it is enough. */
export async function exploreSpace(
  original: Scenario,
  { stride, onTry }: SpaceOptions,
): Promise<SpaceReport> {
  // What there was no room to keep for going back is fetched again then.
  const scenario = { ...original, back: undefined };
  const ends = await endsOf(scenario);
  const judge = new Judge(scenario, ends);
  const counts = { succeeded: 0, refused: 0, takenBack: 0, failed: 0 };
  const broken: { room: string; faults: readonly string[] }[] = [];
  let tried = 0;
  for (const volume of scenario.before.volumes.keys()) {
    for (const kind of ['bytes', 'nodes'] as const) {
      for (let free = 0, successes = 0; successes < ENOUGH; free += stride) {
        const disk = new ModelDisk(withRoom(scenario.before, { volume, of: kind, free }));
        const { ending, text, faults } = await tryWithRoom(scenario, disk, ends);
        const after = await judge.judge(roomy(disk.image()));
        const all = [...faults, ...after.faults.map((line) => `with room again: ${line}`)];
        if (all.length > 0) broken.push({ room: `${free} ${kind} on ${volume}`, faults: [text, ...all] });
        onTry?.(all.length > 0);
        counts[ending]++;
        tried++;
        if (ending === 'succeeded') successes++;
      }
    }
  }
  return { tried, ...counts, broken };
}

async function tryWithRoom(
  scenario: Scenario,
  disk: ModelDisk,
  ends: Ends,
): Promise<{ readonly ending: Ending; readonly text: string; readonly faults: readonly string[] }> {
  const { ending, text, hasCode } = await run(scenario, disk);
  const expected = ending === 'succeeded' ? ends.new : ends.old;
  const state = systemState(disk);
  const wrong = compareStates(expected.state, state).slice(0, 4);
  // What comes after the commit may fail, and says so.
  const isNew = compareStates(ends.new.state, state).length === 0;
  const faults = wrong.length === 0 || (ending === 'failed' && isNew) ? [] : [wrong.join('; ')];
  return { ending, text, faults: hasCode ? faults : [...faults, 'it has no code'] };
}

async function run(
  scenario: Scenario,
  disk: ModelDisk,
): Promise<{ readonly ending: Ending; readonly text: string; readonly hasCode: boolean }> {
  try {
    await change(clientOn(scenario, disk), scenario.command);
    return { ending: 'succeeded', text: 'the command succeeded', hasCode: true };
  } catch (error) {
    const code = codeOf(error);
    const ending = code !== 'no-space' ? 'failed' : isTakenBack(error) ? 'takenBack' : 'refused';
    return { ending, text: `the command failed with ${describeError(error)}`, hasCode: code !== undefined };
  }
}

function isTakenBack(error: unknown): boolean {
  const details: unknown = error instanceof Error && 'details' in error ? error.details : undefined;
  return typeof details === 'object' && details !== null && 'takenBack' in details;
}

function withRoom({ volumes, mounts }: Image, { volume, of, free }: Room): Image {
  return {
    mounts,
    volumes: volumes.map((one, i) => {
      if (i !== volume) return one;
      const used = [...one.nodes.values()].reduce((sum, node) => sum + roomOf(node), 0);
      const limit = of === 'bytes' ? { bytes: used + free * BLOCK } : { nodes: one.nodes.size + free };
      return { nodes: one.nodes, limits: { ...one.limits, ...limit } };
    }),
  };
}

function roomy({ volumes, mounts }: Image): Image {
  return { mounts, volumes: volumes.map(({ nodes }) => ({ nodes, limits: ROOMY })) };
}
