import { Random } from '../../fuzz/random.ts';
import { chooseReady, type Ready } from '../device/choose-scenario.ts';
import { isBetween, judgeDevice } from '../device/judge-device.ts';
import type { MeasuredScenario } from '../device/measure-scenarios.ts';
import { chooseMoment, describeMoment } from '../device/moment.ts';
import { runDisturbed } from '../device/run-disturbed.ts';
import type { Trial } from '../device/run-lanes.ts';
import { chooseFault, describeFault, orderFor } from './fault.ts';
import { Libfiu } from './libfiu.ts';

export interface FaultTrial extends Trial {
  /** Exit code of the command, or the signal that ended it. */
  readonly exit: number | NodeJS.Signals;
}

/** A command may end before its moment has come; then another moment is drawn. */
const DRAWS = 50;

/** A process whose calls all fail may wait for ever. Milliseconds. */
const PATIENCE = 60_000;

/**
 * Lets calls of one command fail from a random moment on, on a copy of one scenario's device, and judges what is there then. All choices
 * come from the seed; which calls they hit depends on the machine.
 */
export async function tryFault(
  scenarios: Ready<MeasuredScenario>,
  seed: number,
  folder: string,
): Promise<FaultTrial> {
  const random = new Random(seed);
  const prepared = chooseReady(random, scenarios);
  const { scenario, origin, course, before, after } = prepared;
  const fault = chooseFault(random);
  for (let draw = 0; draw < DRAWS; draw++) {
    const device = prepared.device.copyTo(folder);
    const libfiu = new Libfiu(`${folder}-pipes`);
    const moment = chooseMoment(random, course);
    let patience: NodeJS.Timeout | undefined;
    const { exit } = await runDisturbed(device, scenario.command, {
      origin,
      moment,
      env: libfiu.env,
      disturb: (leader) => {
        libfiu.order(leader, orderFor(fault));
        patience = setTimeout(() => process.kill(-leader, 'SIGKILL'), PATIENCE);
      },
    });
    clearTimeout(patience);
    if (!libfiu.wasTaken()) continue;
    const between = isBetween(device, prepared);
    const verdict = await judgeDevice(device, prepared);
    const lied =
      exit === 0 && verdict.is === 'old' && before.join() !== after.join()
        ? ['the command had ended with 0, and the device is as before']
        : [];
    const story = `${scenario.name}, ${describeMoment(moment)} ${describeFault(fault)}, ended with ${exit}`;
    return { ...verdict, wrong: [...verdict.wrong, ...lied], story, exit, between };
  }
  throw new Error(`${scenario.name} was too quick for ${DRAWS} faults`);
}
