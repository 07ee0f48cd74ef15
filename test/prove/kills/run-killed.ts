import type { BenchDevice, Origin } from '../device/bench-device.ts';
import type { ClientResult } from '../device/client.ts';
import type { Course, Moment } from './moment.ts';
import { watchChanges } from './watch-changes.ts';

/** Runs the command, and kills its process group with SIGKILL at the moment, if it is still there. */
export async function runKilled(
  device: BenchDevice,
  command: readonly string[],
  { origin, moment }: { readonly origin: Origin; readonly moment: Moment },
): Promise<ClientResult> {
  let kill = (): void => {};
  let seen = 0;
  const stopWatching =
    moment.kind === 'time'
      ? () => {}
      : watchChanges(device.folder, () => {
          seen += 1;
          if (seen === moment.count) kill();
        });
  try {
    return await device.run(command, origin, {
      started: (child) => {
        kill = () => {
          if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
            killGroup(child.pid);
        };
        if (moment.kind !== 'time') return;
        const timer = setTimeout(kill, moment.milliseconds);
        child.once('exit', () => clearTimeout(timer));
      },
    });
  } finally {
    stopWatching();
  }
}

/** Runs the command to its end. */
export async function measureCourse(
  device: BenchDevice,
  command: readonly string[],
  origin: Origin,
): Promise<Course> {
  let changes = 0;
  const stopWatching = watchChanges(device.folder, () => {
    changes += 1;
  });
  try {
    const { milliseconds } = await device.run(command, origin);
    return { milliseconds, changes };
  } finally {
    stopWatching();
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It has ended in this very moment.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
