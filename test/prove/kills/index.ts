import { rename } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServers, Workshop } from '../device/workshop.ts';
import type { Broken, Proof, ProofRequest, ProofResult } from '../proof.ts';
import { measureScenarios } from './measure-scenarios.ts';
import { type KillTrial, tryKill } from './try-kill.ts';

export const PROOF: Proof = {
  name: 'kills',
  summary: 'SIGKILL to the real program on a real file system, at random moments of each command',
  count: 1000,
  run: runKills,
};

/** Lanes share nothing but the repositories, which nobody writes. */
const MOST_LANES = 2;

async function runKills({ count, seed, progress }: ProofRequest): Promise<ProofResult> {
  using workshop = await Workshop.open();
  await using servers = await startServers(workshop);
  const scenarios = await measureScenarios(workshop, servers);
  const broken: Broken[] = [];
  const trials: KillTrial[] = [];
  let next = 0;
  const lane = async (number: number): Promise<void> => {
    while (next < count) {
      const trialSeed = seed + next++;
      const folder = workshop.folder(`lane-${number}`);
      const trial = await tryKill(scenarios, { seed: trialSeed, folder });
      trials.push(trial);
      if (trial.wrong.length > 0) broken.push(await report(trial, trialSeed, folder));
      progress(trials.length, broken.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(MOST_LANES, cpus().length) }, (_, number) => lane(number)));
  return { tried: trials.length, broken, figures: figuresOf(trials) };
}

/** The device is kept, so that somebody can look at it. */
async function report({ story, wrong }: KillTrial, seed: number, folder: string): Promise<Broken> {
  const kept = join(tmpdir(), `swupd-broken-kill-${seed}-${process.pid}`);
  await rename(folder, kept);
  return {
    what: `${story}: ${wrong.join('; ')} (the device is kept in ${kept})`,
    again: `pnpm prove kills --count 1 --seed ${seed}`,
  };
}

function figuresOf(trials: readonly KillTrial[]): Record<string, number> {
  const kills = trials.reduce((sum, trial) => sum + trial.kills, 0);
  return {
    kills,
    'kills of recoveries': kills - trials.length,
    'ended in the old state': trials.filter(({ is }) => is === 'old').length,
    'ended in the new state': trials.filter(({ is }) => is === 'new').length,
  };
}
