import { Random } from '../../fuzz/random.ts';
import type { Broken, ProofRequest, ProofResult } from '../proof.ts';
import { type BrokenCut, exploreCuts } from '../system/explore-cuts.ts';
import { overScenarios } from '../system/over-scenarios.ts';

/** Disks for each operation of a recovery: recoveries are many, and much alike. */
const LATER = 3;

export interface CutsKind {
  /** The proof's own name. */
  readonly again: string;
  /** Whether all corner disks are made, however many they are. */
  readonly corners: boolean;
  /** Cuts one after the other. */
  readonly depth: number;
}

/** Cuts each scenario after each of its operations. */
export async function runCuts(
  { count, seed, progress }: ProofRequest,
  { again, corners, depth }: CutsKind,
): Promise<ProofResult> {
  const command = `pnpm prove ${again} --count ${count} --seed ${seed}`;
  const { reports, tried, broken, sum } = await overScenarios(
    { progress },
    (scenario, onImage) => {
      const random = new Random(seed);
      return exploreCuts(scenario, {
        max: count,
        corners,
        laterMax: LATER,
        depth,
        below: (limit) => random.below(limit),
        onImage,
      });
    },
    (report, scenario) => report.broken.map((one) => describeBroken(one, scenario, command)),
  );
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

function describeBroken({ cuts, image, faults }: BrokenCut, scenario: string, again: string): Broken {
  return {
    what: `${scenario}: cut after ${cuts.join(', then ')}, image ${image}: ${faults.join(' | ')}`,
    again,
  };
}
