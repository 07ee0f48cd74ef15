import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { Random } from '../../fuzz/random.ts';
import { argumentsFor, BenchDevice, type Origin } from '../device/bench-device.ts';
import { judgeRecovered, type Verdict } from '../device/judge-device.ts';
import type { Prepared } from '../device/prepare-scenario.ts';
import { RECOVER } from '../device/scenarios.ts';
import { commandOrders, HABITS, type Habits, lookOrders } from './guest-orders.ts';
import { type Hardware, Machine } from './machine.ts';
import { GUEST } from './make-tools-image.ts';
import { type Loss, VolatileDisk } from './volatile-disk.ts';

/** A scenario with its device on a disk, and what its command does to that in a machine that nobody resets. */
export interface DiskScenario extends Prepared {
  readonly image: Uint8Array;
  readonly milliseconds: number;
  /** Writes and flushes of the system disk. */
  readonly diskChanges: number;
}

export interface ResetTrial extends Verdict {
  readonly story: string;
  readonly resets: number;
  readonly losses: readonly Loss[];
  /** Resets after which the client had already said that it had done its work. */
  readonly afterSuccess: boolean;
  readonly console: string;
}

/** Every third moment is a time, the others are counted in changes of the disk, which are few and close together. */
const BY_TIME = 3;
const RECOVERY_RESET = 3;
const MOST_RESETS = 3;

interface Bench {
  readonly hardware: Hardware;
  readonly folder: string;
  readonly random: Random;
}

/**
 * Resets a machine in the middle of a command, in some tries once more in the middle of the recovery, and judges what is on the disk then.
 * All choices come from the seed; what the machine has done by then depends on this one.
 */
export async function tryReset(
  scenarios: readonly DiskScenario[],
  { hardware, folder, seed }: { readonly hardware: Hardware; readonly folder: string; readonly seed: number },
): Promise<ResetTrial> {
  const random = new Random(seed);
  const bench = { hardware, folder, random };
  const scenario = random.pick(scenarios);
  const habits = random.pick(HABITS);
  const command = inGuest(scenario.scenario.command, scenario);
  const first = await bootAndReset(scenario.image, commandOrders(command, habits), { ...bench, scenario });
  const losses = [first.loss];
  const story = [`${scenario.scenario.name} (${habits.mount}) reset ${first.moment}`];
  let { content } = first;
  while (story.length < MOST_RESETS && random.oneIn(RECOVERY_RESET)) {
    const next = await bootAndReset(content, lookOrders(inGuest(RECOVER, scenario), habits), {
      ...bench,
      scenario,
    });
    if (!next.wasReset) break;
    losses.push(next.loss);
    story.push(`recovery reset ${next.moment}`);
    content = next.content;
  }
  const looked = await lookAt(content, scenario, { ...bench, habits });
  const afterSuccess = first.messages.includes('end 0');
  const forgotten =
    afterSuccess && looked.is === 'old' && scenario.before.join() !== scenario.after.join()
      ? ['the client had said that it was done, and the old state came back']
      : [];
  return {
    ...looked,
    wrong: [...looked.wrong, ...forgotten],
    story: story.join(', '),
    resets: story.length,
    losses,
    afterSuccess,
  };
}

/** The same command for the root and the repositories inside of the machine. */
export function inGuest(command: readonly string[], { scenario }: Pick<Prepared, 'scenario'>): string[] {
  const origin: Origin = { url: `file:///repository-${scenario.source}`, anchor: GUEST.anchor };
  return [...command, ...argumentsFor(command, `${GUEST.system}/root`, origin)];
}

/** Boots with the orders, resets at a random moment after `begin`, and gives what the disk has kept. */
async function bootAndReset(
  image: Uint8Array,
  orders: string,
  { hardware, folder, random, scenario }: Bench & { readonly scenario: DiskScenario },
) {
  const disk = new VolatileDisk(image);
  const byTime = random.oneIn(BY_TIME);
  const at = byTime ? random.below(scenario.milliseconds) : 1 + random.below(scenario.diskChanges);
  let begun: number | undefined;
  const course = await Machine.boot(hardware, {
    disk,
    orders,
    folder,
    onMessage: (message, machine) => {
      if (message === 'begin') {
        begun = machine.diskChanges;
        if (byTime) setTimeout(() => machine.reset(), at);
      }
      // It has been quicker than the one that was measured: this is the last moment that can do harm.
      if (message.startsWith('end')) machine.reset();
    },
    onDiskChange: (number, machine) => {
      if (!byTime && begun !== undefined && number - begun === at) machine.reset();
    },
  });
  const { content, loss } = disk.cutPower(random);
  return {
    content,
    loss,
    wasReset: course.reset,
    messages: course.messages,
    moment: byTime ? `after ${at} ms` : `at disk change ${at}`,
  };
}

/** Boots as after a power cut, lets the client recover, and judges a copy of what is there. */
async function lookAt(
  image: Uint8Array,
  prepared: Prepared,
  { hardware, folder, habits }: Bench & { readonly habits: Habits },
): Promise<Verdict & { readonly console: string }> {
  const { messages, console, machine } = await Machine.boot(hardware, {
    disk: new VolatileDisk(image),
    orders: lookOrders(inGuest(RECOVER, prepared), habits),
    folder,
  });
  if (!messages.includes('copied'))
    return { is: 'neither', recovery: '', wrong: ['the machine did not come up'], console };
  const device = unpack(machine.answers, `${folder}/device`);
  const exit = messages.find((message) => message.startsWith('recovered'))?.split(' ')[1];
  const verdict = await judgeRecovered(device, prepared, { exit: Number(exit), stdout: console, stderr: '' });
  return { ...verdict, console };
}

export function unpack(archive: string, folder: string): BenchDevice {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const options = ['--xattrs', '--xattrs-include=*', '--numeric-owner', '--preserve-permissions'];
  execFileSync('tar', ['--extract', '--file', archive, '--directory', folder, ...options]);
  return new BenchDevice(folder);
}
