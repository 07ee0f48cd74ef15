import type { Random } from '../../fuzz/random.ts';
import { type Hardware, Machine } from './machine.ts';
import type { Loss, VolatileDisk } from './volatile-disk.ts';

export interface ResetBench {
  readonly hardware: Hardware;
  readonly folder: string;
  readonly makeDisk: (content: Uint8Array) => VolatileDisk;
  readonly random: Random;
  /** Of the command when nobody resets it. */
  readonly course: {
    readonly milliseconds: number;
    /** Writes and flushes of the system disk. */
    readonly diskChanges: number;
  };
}

export interface ResetResult {
  /** What the disk has kept. */
  readonly content: Buffer;
  readonly loss: Loss;
  /** False where the machine had switched itself off before. */
  readonly wasReset: boolean;
  readonly messages: readonly string[];
  readonly console: string;
  readonly moment: string;
}

/** Every third moment is a time, the others are counted in changes of the disk, which are few and close together. */
const BY_TIME = 3;

/** Boots a disk with this content, and resets the machine at a random moment after its message `begin`. */
export async function bootAndReset(
  image: Uint8Array,
  orders: string,
  { hardware, folder, makeDisk, random, course }: ResetBench,
): Promise<ResetResult> {
  const disk = makeDisk(image);
  const byTime = random.oneIn(BY_TIME);
  const at = byTime ? random.below(course.milliseconds) : 1 + random.below(course.diskChanges);
  let begun: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const { reset, messages, console } = await Machine.boot(hardware, {
    disk,
    orders,
    folder,
    onMessage: (message, machine) => {
      if (message === 'begin') {
        begun = machine.diskChanges;
        if (byTime) timer = setTimeout(() => machine.reset(), at);
      }
      // It has been quicker than the one that was measured: this is the last moment that can do harm.
      if (message.startsWith('end')) machine.reset();
    },
    onDiskChange: (number, machine) => {
      if (!byTime && begun !== undefined && number - begun === at) machine.reset();
    },
  });
  clearTimeout(timer);
  const moment = byTime ? `after ${at} ms` : `at disk change ${at}`;
  return { ...disk.cutPower(random), wasReset: reset, messages, console, moment };
}
