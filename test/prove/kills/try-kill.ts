import { Random } from '../../fuzz/random.ts';
import { judgeDevice, type Verdict } from '../device/judge-device.ts';
import type { Prepared } from '../device/prepare-scenario.ts';
import { RECOVER } from '../device/scenarios.ts';
import { type Course, chooseMoment, describeMoment } from './moment.ts';
import { runKilled } from './run-killed.ts';

export interface MeasuredScenario extends Prepared {
  readonly course: Course;
  /** Of a recovery that has much to do. */
  readonly recovery: Course;
}

export interface KillTrial extends Verdict {
  /** Which command was killed when, and which recoveries. */
  readonly story: string;
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
  scenarios: readonly MeasuredScenario[],
  { seed, folder }: { readonly seed: number; readonly folder: string },
): Promise<KillTrial> {
  const random = new Random(seed);
  const prepared = random.pick(scenarios);
  const { scenario, origin, course } = prepared;
  for (let draw = 0; draw < DRAWS; draw++) {
    const device = prepared.device.copyTo(folder);
    const moment = chooseMoment(random, course);
    const { exit } = await runKilled(device, scenario.command, { origin, moment });
    if (exit !== 'SIGKILL') continue;
    const story = [`${scenario.name} killed ${describeMoment(moment)}`];
    while (story.length < MOST_KILLS && random.oneIn(RECOVERY_KILLED)) {
      const next = chooseMoment(random, prepared.recovery);
      const recovery = await runKilled(device, RECOVER, { origin, moment: next });
      if (recovery.exit === 'SIGKILL') story.push(`recovery killed ${describeMoment(next)}`);
    }
    const verdict = await judgeDevice(device, prepared);
    return { ...verdict, story: story.join(', '), kills: story.length };
  }
  throw new Error(`${scenario.name} was too quick for ${DRAWS} signals`);
}
