import { closeDeltaWorkers } from '@swupd/shared/delta';
import { makeScenarios } from '../cuts/scenarios.ts';
import type { Broken, Proof, ProofRequest, ProofResult } from '../proof.ts';
import { exploreSpace, type SpaceReport } from '../system/explore-space.ts';

export const PROOF: Proof = {
  name: 'space',
  summary: 'too little room, block by block and inode by inode; --count: one amount in so many',
  count: 1,
  run: runSpace,
};

async function runSpace({ count, progress }: ProofRequest): Promise<ProofResult> {
  const reports: SpaceReport[] = [];
  const broken: Broken[] = [];
  let tried = 0;
  for (const scenario of await makeScenarios()) {
    const report = await exploreSpace(scenario, {
      stride: count,
      onTry: (isBroken) => progress(++tried, broken.length + (isBroken ? 1 : 0)),
    });
    reports.push(report);
    for (const { room, faults } of report.broken) {
      const what = `${scenario.name}, ${room} free: ${faults.join(' | ')}`;
      broken.push({ what, again: `pnpm prove space --count ${count}` });
    }
  }
  await closeDeltaWorkers();
  const sum = (figure: (report: SpaceReport) => number): number =>
    reports.reduce((total, report) => total + figure(report), 0);
  return {
    tried,
    broken,
    figures: {
      scenarios: reports.length,
      'enough room': sum(({ succeeded }) => succeeded),
      'refused before any change': sum(({ refused }) => refused),
      'ran out of room all the same, and taken back': sum(({ takenBack }) => takenBack),
      'failed with another code': sum(({ failed }) => failed),
    },
  };
}
