import { outcomeFigures } from '../device/run-lanes.ts';
import { runTrials } from '../device/run-trials.ts';
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
  const { trials, broken } = await runTrials(PROOF.name, request, tryFault);
  const failed = trials.filter(({ exit }) => exit !== 0);
  const figures = {
    'commands that failed': failed.length,
    'commands that a signal ended': failed.filter(({ exit }) => typeof exit === 'string').length,
    ...outcomeFigures(trials),
  };
  return { tried: trials.length, broken, figures };
}
