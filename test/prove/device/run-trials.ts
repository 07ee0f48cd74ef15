import type { Broken, ProofRequest } from '../proof.ts';
import { type Ready, scenariosFor } from './choose-scenario.ts';
import { type MeasuredScenario, measureScenarios } from './measure-scenarios.ts';
import { runLanes, type Trial } from './run-lanes.ts';
import { SCENARIOS } from './scenarios.ts';
import { startServers, Workshop } from './workshop.ts';

/** One try on a device below `folder`, all choices from the seed. */
export type Attempt<T extends Trial> = (
  scenarios: Ready<MeasuredScenario>,
  seed: number,
  folder: string,
) => Promise<T>;

/** Tries commands of the real program on real file systems, against real servers. */
export async function runTrials<T extends Trial>(
  name: string,
  request: ProofRequest,
  attempt: Attempt<T>,
): Promise<{ readonly trials: readonly T[]; readonly broken: readonly Broken[] }> {
  using workshop = await Workshop.open();
  await using servers = await startServers(workshop);
  const scenarios = await measureScenarios(scenariosFor(request, SCENARIOS), workshop, servers);
  return await runLanes({
    ...request,
    name,
    workshop,
    attempt: (seed, folder) => attempt(scenarios, seed, folder),
  });
}
