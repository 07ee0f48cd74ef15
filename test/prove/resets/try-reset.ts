import { Random } from '../../fuzz/random.ts';
import { argumentsFor, type Origin } from '../device/bench-device.ts';
import { chooseReady, type Ready } from '../device/choose-scenario.ts';
import type { Prepared } from '../device/prepare-scenario.ts';
import type { Trial } from '../device/run-lanes.ts';
import { RECOVER } from '../device/scenarios.ts';
import { bootAndReset, type ResetBench } from './boot-and-reset.ts';
import { commandOrders, HABITS, lookOrders } from './guest-orders.ts';
import { lookAtDisk } from './look-at-disk.ts';
import { GUEST } from './make-tools-image.ts';
import type { Loss } from './volatile-disk.ts';

/** A scenario with its device on a disk, and what its command does to that in a machine that nobody resets. */
export interface DiskScenario extends Prepared {
  readonly image: Uint8Array;
  readonly milliseconds: number;
  /** Writes and flushes of the system disk. */
  readonly diskChanges: number;
}

export interface ResetTrial extends Trial {
  readonly resets: number;
  readonly losses: readonly Loss[];
  /** Resets after which the client had already said that it had done its work. */
  readonly afterSuccess: boolean;
}

export interface TryRequest extends Omit<ResetBench, 'random' | 'course'> {
  readonly seed: number;
}

/** Every third recovery is reset, and every third one of what follows. */
const RECOVERY_RESET = 3;
const MOST_RESETS = 3;

/**
 * Resets a machine in the middle of a command, in some tries once more in the middle of the recovery, and judges what is on the disk then.
 * All choices come from the seed; what the machine has done by then depends on this one.
 */
export async function tryReset(
  scenarios: Ready<DiskScenario>,
  { seed, ...place }: TryRequest,
): Promise<ResetTrial> {
  const random = new Random(seed);
  const prepared = chooseReady(random, scenarios);
  const { scenario } = prepared;
  const habits = random.pick(HABITS);
  const bench = { ...place, random, course: prepared };
  const recovery = lookOrders(inGuest(RECOVER, prepared), habits);
  const first = await bootAndReset(
    prepared.image,
    commandOrders(inGuest(scenario.command, prepared), habits),
    bench,
  );
  if (!first.wasReset) throw new Error(`the machine has ended by itself:\n${first.console}`);
  const losses = [first.loss];
  const story = [`${scenario.name} (${habits.mount}) reset ${first.moment}`];
  let { content } = first;
  while (story.length < MOST_RESETS && random.oneIn(RECOVERY_RESET)) {
    const next = await bootAndReset(content, recovery, bench);
    if (!next.wasReset) break;
    losses.push(next.loss);
    story.push(`recovery reset ${next.moment}`);
    content = next.content;
  }
  const verdict = await lookAtDisk(content, prepared, { ...place, orders: recovery });
  const afterSuccess = first.messages.includes('end 0');
  const forgotten =
    afterSuccess && verdict.is === 'old' && prepared.before.join() !== prepared.after.join()
      ? ['the client had said that it was done, and the old state came back']
      : [];
  return {
    ...verdict,
    wrong: [...verdict.wrong, ...forgotten],
    story: story.join(', '),
    resets: story.length,
    losses,
    afterSuccess,
    between: undefined,
  };
}

/** The same command for the root and the repositories inside of the machine. */
export function inGuest(command: readonly string[], { scenario }: Pick<Prepared, 'scenario'>): string[] {
  const origin: Origin = { url: `file:///repository-${scenario.source}`, anchor: GUEST.anchor };
  return [...command, ...argumentsFor(command, `${GUEST.system}/root`, origin)];
}
