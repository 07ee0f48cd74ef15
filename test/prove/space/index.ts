import type { Proof, ProofRequest, ProofResult } from '../proof.ts';
import { exploreSpace } from '../system/explore-space.ts';
import { overScenarios } from '../system/over-scenarios.ts';

export const PROOF: Proof = {
  name: 'space',
  summary: 'too little room, block by block and inode by inode; --count: one amount in so many',
  count: 1,
  run: runSpace,
};

async function runSpace({ count, progress }: ProofRequest): Promise<ProofResult> {
  const { reports, tried, broken, sum } = await overScenarios(
    { progress },
    (scenario, onTry) => exploreSpace(scenario, { stride: count, onTry }),
    (report, scenario) =>
      report.broken.map(({ room, faults }) => ({
        what: `${scenario}, ${room} free: ${faults.join(' | ')}`,
        again: `pnpm prove space --count ${count}`,
      })),
  );
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
