import { rename } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Workshop } from '../device/workshop.ts';
import type { Broken, Proof, ProofRequest, ProofResult } from '../proof.ts';
import { measureScenarios } from './measure-scenarios.ts';
import { prepareMachine } from './prepare-machine.ts';
import { demandPrograms, toolPath } from './requirements.ts';
import { type ResetTrial, tryReset } from './try-reset.ts';

export const PROOF: Proof = {
  name: 'resets',
  summary: 'hard resets of a virtual machine whose disk loses what was not flushed',
  count: 50,
  run: runResets,
};

/** A machine has one processor. */
const MOST_LANES = 2;

/** @throws Error where a program is missing, with the packages that have it */
async function runResets({ count, seed, progress }: ProofRequest): Promise<ProofResult> {
  process.env.PATH = toolPath(process.env.PATH ?? '');
  demandPrograms(process.env.PATH);
  using workshop = await Workshop.open();
  const hardware = await prepareMachine(workshop);
  const scenarios = await measureScenarios(workshop, hardware);
  const broken: Broken[] = [];
  const trials: ResetTrial[] = [];
  let next = 0;
  const lane = async (number: number): Promise<void> => {
    while (next < count) {
      const trialSeed = seed + next++;
      const folder = workshop.makeFolder(`lane-${number}`);
      const trial = await tryReset(scenarios, { hardware, folder, seed: trialSeed });
      trials.push(trial);
      if (trial.wrong.length > 0) broken.push(await report(trial, trialSeed, folder));
      progress(trials.length, broken.length);
    }
  };
  const lanes = Math.min(MOST_LANES, availableParallelism());
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  return { tried: trials.length, broken, figures: figuresOf(trials, hardware.accelerator) };
}

/** The folder of the machine is kept, so that somebody can look at it. */
async function report({ story, wrong }: ResetTrial, seed: number, folder: string): Promise<Broken> {
  const kept = join(tmpdir(), `swupd-broken-reset-${seed}-${process.pid}`);
  await rename(folder, kept);
  return {
    what: `${story}: ${wrong.join('; ')} (the device is kept in ${kept})`,
    again: `pnpm prove resets --count 1 --seed ${seed}`,
  };
}

function figuresOf(trials: readonly ResetTrial[], accelerator: 'kvm' | 'tcg'): Record<string, number> {
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
    'finished by recovery': trials.filter(({ recovery }) => recovery === 'finished').length,
    'taken back by recovery': trials.filter(({ recovery }) => recovery === 'taken-back').length,
    'ended in the old state': trials.filter(({ is }) => is === 'old').length,
    'ended in the new state': trials.filter(({ is }) => is === 'new').length,
    'with hardware support': accelerator === 'kvm' ? 1 : 0,
  };
}
