import { rename } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Broken, ProofRequest } from '../proof.ts';
import type { Verdict } from './judge-device.ts';
import type { Workshop } from './workshop.ts';

/** What came of one try. */
export interface Trial extends Verdict {
  /** What was done to the device. */
  readonly story: string;
  /** Whether the root was neither the old nor the new one before recovery; undefined where nobody could look. */
  readonly between: boolean | undefined;
}

export interface LaneRequest<T extends Trial> extends ProofRequest {
  /** Name of the proof. */
  readonly name: string;
  readonly workshop: Workshop;
  /** Keep the folders of broken tries; default: yes. */
  readonly keepBroken?: boolean;
  /** Tries once, in a folder of its lane, with all that is random from the seed. */
  readonly attempt: (seed: number, folder: string) => Promise<T>;
}

export interface LaneResult<T> {
  readonly trials: readonly T[];
  readonly broken: readonly Broken[];
}

/** Lanes share nothing but the repositories, which nobody writes. */
const MOST_LANES = 2;

/**
 * Tries `count` times in a few lanes at once. Try n has the seed `seed + n`, so that each can be repeated alone. The first SIGINT lets the
 * tries under way come to their end, so that a long run can be cut short without losing what it has found.
 */
export async function runLanes<T extends Trial>(request: LaneRequest<T>): Promise<LaneResult<T>> {
  const { count, seed, progress, workshop, attempt } = request;
  const broken: Broken[] = [];
  const trials: T[] = [];
  let next = 0;
  const stop = (): void => {
    next = count;
  };
  process.once('SIGINT', stop);
  const lane = async (number: number): Promise<void> => {
    while (next < count) {
      const own = seed + next++;
      const folder = workshop.makeFolder(`lane-${number}`);
      const trial = await attempt(own, folder);
      trials.push(trial);
      if (trial.wrong.length > 0) broken.push(await reportBroken(request, trial, { seed: own, folder }));
      progress(trials.length, broken.length);
    }
  };
  const lanes = Math.min(MOST_LANES, availableParallelism());
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  process.off('SIGINT', stop);
  return { trials, broken };
}

/** What all proofs of devices count. */
export function outcomeFigures(trials: readonly Trial[]): Record<string, number> {
  const count = (holds: (trial: Trial) => boolean): number => trials.filter(holds).length;
  return {
    ...(trials.some(({ between }) => between !== undefined) && {
      'between old and new before recovery': count(({ between }) => between === true),
    }),
    'finished by recovery': count(({ recovery }) => recovery === 'finished'),
    'taken back by recovery': count(({ recovery }) => recovery === 'taken-back'),
    'ended in the old state': count(({ is }) => is === 'old'),
    'ended in the new state': count(({ is }) => is === 'new'),
  };
}

interface BrokenTry {
  readonly seed: number;
  readonly folder: string;
}

/** The lane's folder is kept, so that somebody can look at it. */
async function reportBroken(
  { name, keepBroken = true }: { readonly name: string; readonly keepBroken?: boolean },
  { story, wrong }: Trial,
  { seed, folder }: BrokenTry,
): Promise<Broken> {
  const what = `${story}: ${wrong.join('; ')}`;
  const again = `pnpm prove ${name} --count 1 --seed ${seed}`;
  if (!keepBroken) return { what, again };
  const kept = join(tmpdir(), `swupd-broken-${name}-${seed}-${process.pid}`);
  await rename(folder, kept);
  return { what: `${what} (kept in ${kept})`, again };
}
