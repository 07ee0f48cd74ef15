import { scenariosFor } from '../device/choose-scenario.ts';
import { measureScenarios } from '../device/measure-scenarios.ts';
import { outcomeFigures, runLanes } from '../device/run-lanes.ts';
import { SCENARIOS } from '../device/scenarios.ts';
import { startServers, Workshop } from '../device/workshop.ts';
import type { Proof, ProofRequest, ProofResult } from '../proof.ts';
import { tryKill } from './try-kill.ts';

export const PROOF: Proof = {
  name: 'kills',
  summary: 'SIGKILL to the real program on a real file system, at random moments of each command',
  count: 1000,
  run: runKills,
};

async function runKills(request: ProofRequest): Promise<ProofResult> {
  using workshop = await Workshop.open();
  await using servers = await startServers(workshop);
  const scenarios = await measureScenarios(scenariosFor(request, SCENARIOS), workshop, servers);
  const { trials, broken } = await runLanes({
    ...request,
    name: PROOF.name,
    workshop,
    attempt: (seed, folder) => tryKill(scenarios, seed, folder),
  });
  const kills = trials.reduce((sum, trial) => sum + trial.kills, 0);
  const figures = { kills, 'kills of recoveries': kills - trials.length, ...outcomeFigures(trials) };
  return { tried: trials.length, broken, figures };
}
