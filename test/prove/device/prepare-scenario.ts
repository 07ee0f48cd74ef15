import { existsSync } from 'node:fs';
import { BenchDevice, demandSuccess, missedAim, type Origin } from './bench-device.ts';
import type { DeviceState } from './device-state.ts';
import type { Scenario } from './scenarios.ts';
import type { Workshop } from './workshop.ts';

/** A scenario with the device that it starts from, and what may be found after a cut: all of one, or all of the other. */
export interface Prepared {
  readonly scenario: Scenario;
  readonly origin: Origin;
  readonly device: BenchDevice;
  readonly before: DeviceState;
  readonly after: DeviceState;
  /** What is beside the root. */
  readonly outside: readonly string[];
}

/**
 * Makes the scenario's device, and learns from an undisturbed run where its command leads.
 * @throws Error where that is not what the build says
 */
export async function prepareScenario(
  scenario: Scenario,
  workshop: Workshop,
  origin: Origin,
): Promise<Prepared> {
  const device = await baseOf(scenario, workshop, origin);
  const trial = device.copyTo(workshop.folder('undisturbed'));
  demandSuccess(scenario.command, await trial.call(scenario.command, origin));
  const missed = missedAim(trial.root, scenario, workshop.repository);
  if (missed.length > 0) throw new Error(`${scenario.name} leads elsewhere:\n${missed.join('\n')}`);
  return {
    scenario,
    origin,
    device,
    before: await device.state(),
    after: await trial.state(),
    outside: device.outside(),
  };
}

async function baseOf(scenario: Scenario, workshop: Workshop, origin: Origin): Promise<BenchDevice> {
  const folder = workshop.folder(`device ${JSON.stringify(scenario.base).replace(/\W+/g, '-')}`);
  if (existsSync(folder)) return new BenchDevice(folder);
  const device = BenchDevice.create(folder);
  await device.take(scenario.base, origin);
  return device;
}
