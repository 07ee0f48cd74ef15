import type { Ready } from '../device/choose-scenario.ts';
import { prepareScenario } from '../device/prepare-scenario.ts';
import type { Scenario } from '../device/scenarios.ts';
import type { Workshop } from '../device/workshop.ts';
import { HABITS, measureOrders } from './guest-orders.ts';
import { type Hardware, Machine } from './machine.ts';
import { makeSystemImage } from './prepare-machine.ts';
import { type DiskScenario, inGuest } from './try-reset.ts';
import { VolatileDisk } from './volatile-disk.ts';

/**
 * Makes the disk of each scenario, and measures what its command does there when nobody resets the machine. That also leaves the client
 * compiled in the tools, which a slow machine takes longer for than for the rest.
 */
export async function measureScenarios(
  scenarios: Ready<Scenario>,
  workshop: Workshop,
  hardware: Hardware,
): Promise<Ready<DiskScenario>> {
  const measured: (DiskScenario | undefined)[] = [];
  let isCold = true;
  for (const scenario of scenarios) {
    if (scenario === undefined) {
      measured.push(undefined);
      continue;
    }
    const origin = { url: `file://${workshop.repositoryFor(scenario.source)}`, anchor: workshop.anchor };
    const prepared = await prepareScenario(scenario, workshop, origin);
    const image = makeSystemImage(prepared.device.folder, workshop.folder('system.img'));
    const bench = { hardware, folder: workshop.makeFolder('measured-machine') };
    if (isCold) await measure(scenario.command, scenario, { ...bench, image });
    isCold = false;
    measured.push({
      ...prepared,
      image,
      ...(await measure(scenario.command, scenario, { ...bench, image })),
    });
  }
  return measured;
}

interface Bench {
  readonly hardware: Hardware;
  readonly folder: string;
  readonly image: Uint8Array;
}

/** @throws Error where the machine has no disk with a write cache, or the command fails in it */
async function measure(command: readonly string[], scenario: Scenario, { hardware, folder, image }: Bench) {
  let [started, ended, before, after] = [0, 0, 0, 0];
  const [habits] = HABITS;
  if (habits === undefined) throw new TypeError('a machine without habits');
  const { messages, console } = await Machine.boot(hardware, {
    disk: new VolatileDisk(image),
    orders: measureOrders(inGuest(command, { scenario }), habits),
    folder,
    keepTools: true,
    onMessage: (message, machine) => {
      if (message === 'begin') [started, before] = [performance.now(), machine.diskChanges];
      if (message.startsWith('end')) [ended, after] = [performance.now(), machine.diskChanges];
    },
  });
  if (!messages.includes('cache write back') || !messages.includes('end 0'))
    throw new Error(`the machine does not do what it is told:\n${console}`);
  return { milliseconds: Math.ceil(ended - started), diskChanges: after - before };
}
