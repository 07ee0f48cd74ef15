import { closeDeltaWorkers } from '@swupd/shared/delta';
import { Random } from '../../fuzz/random.ts';
import type { Broken, Proof, ProofRequest, ProofResult } from '../proof.ts';
import { type BrokenCut, type CutReport, exploreCuts } from '../system/explore-cuts.ts';
import { makeScenarios } from './scenarios.ts';

/** Images for each operation, unless there are fewer. The corner ones come on top. */
const COUNT = 40;
/** Of an operation during recovery: recoveries are many, and much alike. */
const LATER = 3;

export const PROOF: Proof = {
  name: 'cuts',
  summary:
    'cuts after each operation of each scenario, and during recovery; --count: images for each operation',
  count: COUNT,
  run: runCuts,
};

async function runCuts({ count, seed, progress }: ProofRequest): Promise<ProofResult> {
  const reports: CutReport[] = [];
  const broken: Broken[] = [];
  let tried = 0;
  for (const scenario of await makeScenarios()) {
    const random = new Random(seed);
    const report = await exploreCuts(scenario, {
      max: count,
      corners: true,
      laterMax: LATER,
      depth: 2,
      below: (limit) => random.below(limit),
      onImage: (isBroken) => progress(++tried, broken.length + (isBroken ? 1 : 0)),
    });
    reports.push(report);
    broken.push(...report.broken.map((one) => describeBroken(one, scenario.name, { count, seed })));
  }
  await closeDeltaWorkers();
  const sum = (figure: (report: CutReport) => number): number =>
    reports.reduce((total, report) => total + figure(report), 0);
  return {
    tried,
    broken,
    figures: {
      scenarios: reports.length,
      'operations cut': sum(({ operations }) => operations),
      'disks recovered from': sum(({ images }) => images),
      'of these after a cut during recovery': sum(({ laterImages }) => laterImages),
      'different states after recovery, each verified and updated again': sum(({ recovered }) => recovered),
      'ended in the old state': sum(({ ends }) => ends.old),
      'ended in the new state': sum(({ ends }) => ends.new),
    },
  };
}

function describeBroken(
  { cuts, image, faults }: BrokenCut,
  scenario: string,
  { count, seed }: { count: number; seed: number },
): Broken {
  return {
    what: `${scenario}: cut after ${cuts.join(', then ')}, image ${image}: ${faults.join(' | ')}`,
    again: `pnpm prove cuts --count ${count} --seed ${seed}`,
  };
}
