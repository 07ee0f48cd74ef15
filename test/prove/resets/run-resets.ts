import { scenariosFor } from '../device/choose-scenario.ts';
import { type LaneRequest, type LaneResult, runLanes } from '../device/run-lanes.ts';
import type { Scenario } from '../device/scenarios.ts';
import { Workshop } from '../device/workshop.ts';
import type { Accelerator } from './machine.ts';
import { measureScenarios } from './measure-scenarios.ts';
import { prepareMachine } from './prepare-machine.ts';
import { demandPrograms } from './requirements.ts';
import { type ResetTrial, tryReset } from './try-reset.ts';
import type { VolatileDisk } from './volatile-disk.ts';

export interface ResetsRequest extends Omit<LaneRequest<ResetTrial>, 'workshop' | 'attempt'> {
  readonly scenarios: readonly Scenario[];
  /** The disk of the machines that are reset. */
  readonly makeDisk: (content: Uint8Array) => VolatileDisk;
}

/** @throws Error where a program is missing, with the packages that have it */
export async function runResets(
  request: ResetsRequest,
): Promise<LaneResult<ResetTrial> & { readonly accelerator: Accelerator }> {
  demandPrograms();
  using workshop = await Workshop.open();
  const hardware = await prepareMachine(workshop);
  const scenarios = await measureScenarios(scenariosFor(request, request.scenarios), workshop, hardware);
  const { makeDisk } = request;
  const result = await runLanes({
    ...request,
    workshop,
    attempt: (seed, folder) => tryReset(scenarios, { hardware, folder, seed, makeDisk }),
  });
  return { ...result, accelerator: hardware.accelerator };
}
