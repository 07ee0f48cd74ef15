import { Random } from '../../fuzz/random.ts';
import { chooseReady, type Ready } from '../device/choose-scenario.ts';
import { isBetween, judgeDevice } from '../device/judge-device.ts';
import type { MeasuredScenario } from '../device/measure-scenarios.ts';
import { type Course, chooseMoment, describeMoment } from '../device/moment.ts';
import { runDisturbed } from '../device/run-disturbed.ts';
import type { Trial } from '../device/run-lanes.ts';
import { RECOVER } from '../device/scenarios.ts';

export interface KillTrial extends Trial {
  readonly kills: number;
}

/** Every third recovery is killed, and every third one of what follows. */
const RECOVERY_KILLED = 3;
const MOST_KILLS = 4;

/** A command may end before its moment has come; then another moment is drawn. */
const DRAWS = 50;

/**
 * Kills one command on a copy of one scenario's device, in some tries its recovery too, and judges what is there then. All choices come
 * from the seed; what the process has done when the signal arrives depends on the machine.
 */
export async function tryKill(
  scenarios: Ready<MeasuredScenario>,
  seed: number,
  folder: string,
): Promise<KillTrial> {
  const random = new Random(seed);
  const prepared = chooseReady(random, scenarios);
  const { scenario, origin, course } = prepared;
  for (let draw = 0; draw < DRAWS; draw++) {
    const device = prepared.device.copyTo(folder);
    const moment = chooseMoment(random, course);
    const { exit } = await runDisturbed(device, scenario.command, { origin, moment, disturb: killGroup });
    if (exit !== 'SIGKILL') continue;
    const story = [`${scenario.name} killed ${describeMoment(moment)}`];
    while (story.length < MOST_KILLS && random.oneIn(RECOVERY_KILLED)) {
      const next = chooseMoment(random, recoveryOf(course));
      const recovery = await runDisturbed(device, RECOVER, { origin, moment: next, disturb: killGroup });
      if (recovery.exit === 'SIGKILL') story.push(`recovery killed ${describeMoment(next)}`);
      else break;
    }
    const between = isBetween(device, prepared);
    const verdict = await judgeDevice(device, prepared);
    return { ...verdict, story: story.join(', '), kills: story.length, between };
  }
  throw new Error(`${scenario.name} was too quick for ${DRAWS} signals`);
}

/** A recovery does at most what is left of the command, and has the journal from the start. */
function recoveryOf({ milliseconds, changes }: Course): Course {
  return { milliseconds, changes: Math.ceil(changes / 2), afterJournal: undefined };
}

export function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    // It has ended in this very moment.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
