import type { BenchDevice, Origin } from './bench-device.ts';
import type { ClientResult } from './client.ts';
import type { Course, Moment } from './moment.ts';
import { watchChanges } from './watch-changes.ts';

/** Its name in the state directory while the root changes. */
const JOURNAL = 'journal';

export interface Disturbance {
  readonly moment: Moment;
  /** Gets the number of the process, which leads a group of its own, if it still runs at the moment. */
  readonly disturb: (process: number) => void;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the command to its end, whatever that is, and disturbs it at the moment. */
export async function runDisturbed(
  device: BenchDevice,
  command: readonly string[],
  { origin, moment, disturb, env = {} }: Disturbance & { readonly origin: Origin },
): Promise<ClientResult> {
  // Undefined once the process has ended: its number may be somebody else's by then.
  let running: number | undefined;
  const act = (): void => {
    if (running !== undefined) disturb(running);
  };
  const stopWatching = watchChanges(device.folder, watcherFor(moment, act));
  let timer: NodeJS.Timeout | undefined;
  try {
    return await device.run(command, origin, {
      env,
      started: (child) => {
        running = child.pid;
        child.once('exit', () => {
          running = undefined;
        });
        if (moment.kind === 'time') timer = setTimeout(act, moment.milliseconds);
      },
    });
  } finally {
    clearTimeout(timer);
    stopWatching();
  }
}

/** Runs the command to its end, and measures it. */
export async function measureCourse(
  device: BenchDevice,
  command: readonly string[],
  origin: Origin,
): Promise<Course> {
  let changes = 0;
  let journal: number | undefined;
  const stopWatching = watchChanges(device.folder, (name) => {
    changes += 1;
    if (name === JOURNAL) journal ??= performance.now();
  });
  try {
    const { milliseconds } = await device.run(command, origin);
    const afterJournal = journal === undefined ? undefined : performance.now() - journal;
    return { milliseconds, changes, afterJournal };
  } finally {
    stopWatching();
  }
}

/** Hears of changes, and acts when the moment has come. */
function watcherFor(moment: Moment, act: () => void): (name: string) => void {
  let seen = 0;
  switch (moment.kind) {
    case 'time':
      return () => {};
    case 'changes':
      return () => {
        seen += 1;
        if (seen === moment.count) act();
      };
    case 'journal':
      return (name) => {
        if (name !== JOURNAL) return;
        seen += 1;
        if (seen === 1) setTimeout(act, moment.milliseconds);
      };
  }
}
