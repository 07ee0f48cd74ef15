import { outcomeFigures } from '../device/run-lanes.ts';
import { runTrials } from '../device/run-trials.ts';
import type { Proof, ProofRequest, ProofResult } from '../proof.ts';
import { tryKill } from './try-kill.ts';

export const PROOF: Proof = {
  name: 'kills',
  summary: 'SIGKILL to the real program on a real file system, at random moments of each command',
  count: 1000,
  run: runKills,
};

async function runKills(request: ProofRequest): Promise<ProofResult> {
  const { trials, broken } = await runTrials(PROOF.name, request, tryKill);
  const kills = trials.reduce((sum, trial) => sum + trial.kills, 0);
  const figures = { kills, 'kills of recoveries': kills - trials.length, ...outcomeFigures(trials) };
  return { tried: trials.length, broken, figures };
}
