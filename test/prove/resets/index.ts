import { outcomeFigures } from '../device/run-lanes.ts';
import { SCENARIOS } from '../device/scenarios.ts';
import type { Proof, ProofRequest, ProofResult } from '../proof.ts';
import { runResets } from './run-resets.ts';
import type { ResetTrial } from './try-reset.ts';
import { VolatileDisk } from './volatile-disk.ts';

export const PROOF: Proof = {
  name: 'resets',
  summary: 'hard resets of a virtual machine whose disk loses what was not flushed',
  count: 50,
  run: prove,
};

/** @throws Error where a program is missing, with the packages that have it */
async function prove(request: ProofRequest): Promise<ProofResult> {
  const { trials, broken, accelerator } = await runResets({
    ...request,
    name: PROOF.name,
    scenarios: SCENARIOS,
    makeDisk: (content) => new VolatileDisk(content),
  });
  const figures = {
    ...figuresOf(trials),
    ...outcomeFigures(trials),
    'with hardware support': accelerator === 'kvm' ? 1 : 0,
  };
  return { tried: trials.length, broken, figures };
}

function figuresOf(trials: readonly ResetTrial[]): Record<string, number> {
  const losses = trials.flatMap((trial) => trial.losses);
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  return {
    resets: sum(trials.map(({ resets }) => resets)),
    'resets of recoveries': sum(trials.map(({ resets }) => resets - 1)),
    'resets after the command had succeeded': trials.filter(({ afterSuccess }) => afterSuccess).length,
    'resets with unflushed writes': losses.filter(({ unflushed }) => unflushed > 0).length,
    'unflushed writes': sum(losses.map(({ unflushed }) => unflushed)),
    'writes lost': sum(losses.map(({ lost }) => lost)),
    'writes torn': sum(losses.map(({ torn }) => torn)),
  };
}
