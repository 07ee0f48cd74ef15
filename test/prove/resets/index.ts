import { outcomeFigures, runLanes } from '../device/run-lanes.ts';
import { Workshop } from '../device/workshop.ts';
import type { Proof, ProofRequest, ProofResult } from '../proof.ts';
import { measureScenarios } from './measure-scenarios.ts';
import { prepareMachine } from './prepare-machine.ts';
import { demandPrograms } from './requirements.ts';
import { type ResetTrial, tryReset } from './try-reset.ts';

export const PROOF: Proof = {
  name: 'resets',
  summary: 'hard resets of a virtual machine whose disk loses what was not flushed',
  count: 50,
  run: runResets,
};

/** @throws Error where a program is missing, with the packages that have it */
async function runResets(request: ProofRequest): Promise<ProofResult> {
  demandPrograms();
  using workshop = await Workshop.open();
  const hardware = await prepareMachine(workshop);
  const scenarios = await measureScenarios(workshop, hardware);
  const { trials, broken } = await runLanes({
    ...request,
    name: PROOF.name,
    workshop,
    attempt: (seed, folder) => tryReset(scenarios, { hardware, folder, seed }),
  });
  const figures = {
    ...figuresOf(trials),
    ...outcomeFigures(trials),
    'with hardware support': hardware.accelerator === 'kvm' ? 1 : 0,
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
