import { makeScenarios } from '../cuts/scenarios.ts';
import type { Broken, Proof, ProofRequest, ProofResult } from '../proof.ts';
import { type BrokenByError, callsOf, exploreErrors } from '../system/explore-errors.ts';
import { FAULTS } from '../system/faulty-disk.ts';
import { overScenarios } from '../system/over-scenarios.ts';

/** More than there are. */
const ALL = 1_000_000;

export const PROOF: Proof = {
  name: 'errors',
  summary: 'each call to the disk goes wrong in each way; with less than all, evenly spread',
  count: ALL,
  run: runErrors,
};

async function runErrors({ count, progress }: ProofRequest): Promise<ProofResult> {
  const stride = await strideFor(count);
  const { reports, tried, broken, sum } = await overScenarios(
    { progress },
    (scenario, onTry) => exploreErrors(scenario, { stride, onTry }),
    (report, scenario) => report.broken.map((one) => describeBroken(one, scenario, count)),
  );
  return {
    tried,
    broken,
    figures: {
      scenarios: reports.length,
      'calls to the disk': sum(({ calls }) => calls),
      'succeeded all the same': sum(({ succeeded }) => succeeded),
      'failed with a code': sum(({ failed }) => failed),
      'left something open': sum(({ leaking }) => leaking),
    },
  };
}

async function strideFor(count: number): Promise<number> {
  let calls = 0;
  for (const scenario of await makeScenarios()) calls += (await callsOf(scenario)).length;
  return Math.max(1, Math.floor((calls * FAULTS.length) / count));
}

function describeBroken({ call, fault, faults }: BrokenByError, scenario: string, count: number): Broken {
  return {
    what: `${scenario}: ${fault} at call ${call}: ${faults.join(' | ')}`,
    again: `pnpm prove errors --count ${count}`,
  };
}
