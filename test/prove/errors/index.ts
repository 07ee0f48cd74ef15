import { closeDeltaWorkers } from '@swupd/shared/delta';
import { makeScenarios } from '../cuts/scenarios.ts';
import type { Broken, Proof, ProofRequest, ProofResult } from '../proof.ts';
import { type BrokenByError, callsOf, type ErrorReport, exploreErrors } from '../system/explore-errors.ts';
import { FAULTS } from '../system/faulty-disk.ts';
import type { Scenario } from '../system/scenario.ts';

/** More than there are. */
const ALL = 1_000_000;

export const PROOF: Proof = {
  name: 'errors',
  summary: 'each call to the disk goes wrong in each way; with less than all, evenly spread',
  count: ALL,
  run: runErrors,
};

async function runErrors({ count, progress }: ProofRequest): Promise<ProofResult> {
  const reports: ErrorReport[] = [];
  const broken: Broken[] = [];
  let tried = 0;
  const scenarios = await makeScenarios();
  const stride = await strideFor(scenarios, count);
  for (const scenario of scenarios) {
    const report = await exploreErrors(scenario, {
      stride,
      onTry: (isBroken) => progress(++tried, broken.length + (isBroken ? 1 : 0)),
    });
    reports.push(report);
    broken.push(...report.broken.map((one) => describeBroken(one, scenario.name, count)));
  }
  await closeDeltaWorkers();
  const sum = (figure: (report: ErrorReport) => number): number =>
    reports.reduce((total, report) => total + figure(report), 0);
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

async function strideFor(scenarios: readonly Scenario[], count: number): Promise<number> {
  let calls = 0;
  for (const scenario of scenarios) calls += (await callsOf(scenario)).length;
  return Math.max(1, Math.floor((calls * FAULTS.length) / count));
}

function describeBroken({ call, fault, faults }: BrokenByError, scenario: string, count: number): Broken {
  return {
    what: `${scenario}: ${fault} at call ${call}: ${faults.join(' | ')}`,
    again: `pnpm prove errors --count ${count}`,
  };
}
