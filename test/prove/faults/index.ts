import { scenariosFor } from '../device/choose-scenario.ts';
import { measureScenarios } from '../device/measure-scenarios.ts';
import { outcomeFigures, runLanes } from '../device/run-lanes.ts';
import { SCENARIOS } from '../device/scenarios.ts';
import { startServers, Workshop } from '../device/workshop.ts';
import type { Proof, ProofRequest, ProofResult } from '../proof.ts';
import { demandLibfiu } from './libfiu.ts';
import { tryFault } from './try-fault.ts';

export const PROOF: Proof = {
  name: 'faults',
  summary: 'EIO, ENOSPC, EINTR, EDQUOT, EMFILE and short transfers of the real program, by libfiu',
  count: 500,
  run: runFaults,
};

/** @throws Error where libfiu is missing, with the package that has it */
async function runFaults(request: ProofRequest): Promise<ProofResult> {
  demandLibfiu();
  using workshop = await Workshop.open();
  await using servers = await startServers(workshop);
  const scenarios = await measureScenarios(scenariosFor(request, SCENARIOS), workshop, servers);
  const { trials, broken } = await runLanes({
    ...request,
    name: PROOF.name,
    workshop,
    attempt: (seed, folder) => tryFault(scenarios, seed, folder),
  });
  const failed = trials.filter(({ exit }) => exit !== 0);
  const figures = {
    'commands that failed': failed.length,
    'commands that a signal ended': failed.filter(({ exit }) => typeof exit === 'string').length,
    ...outcomeFigures(trials),
  };
  return { tried: trials.length, broken, figures };
}
