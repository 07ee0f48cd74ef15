import { closeDeltaWorkers } from '@swupd/shared/delta';
import fc from 'fast-check';
import { Random } from '../../fuzz/random.ts';
import type { Broken, Proof, ProofRequest, ProofResult } from '../proof.ts';
import { cutAtRandom } from '../system/random-cuts.ts';
import { makeScenario } from '../system/story.ts';
import { arbitraryStory } from './arbitrary-story.ts';

/** Making two builds and a device takes as long as some dozens of cuts. */
const CUTS_PER_STORY = 100;

export const PROOF: Proof = {
  name: 'random-cuts',
  summary: 'random cuts of random commands on random trees, and of recovery, which also meets errors',
  count: 200_000,
  run: runRandomCuts,
};

async function runRandomCuts({ count, seed, progress }: ProofRequest): Promise<ProofResult> {
  const broken: Broken[] = [];
  const figures = { stories: 0, 'cuts, and errors during recovery': 0, 'different states after recovery': 0 };
  let tried = 0;
  while (tried < count) {
    const storySeed = (seed + figures.stories) | 0;
    const report = await runStory(storySeed, Math.min(CUTS_PER_STORY, count - tried), (isBroken) =>
      progress(++tried, broken.length + (isBroken ? 1 : 0)),
    );
    figures.stories++;
    figures['cuts, and errors during recovery'] += report.cuts;
    figures['different states after recovery'] += report.recovered;
    broken.push(...report.broken);
  }
  await closeDeltaWorkers();
  return { tried, broken, figures };
}

/** All of it comes from the seed of the story, so that one can be seen again alone. */
async function runStory(
  seed: number,
  count: number,
  onTry: (isBroken: boolean) => void,
): Promise<{ readonly cuts: number; readonly recovered: number; readonly broken: readonly Broken[] }> {
  const [drawn] = fc.sample(arbitraryStory, { seed, numRuns: 1 });
  if (drawn === undefined) throw new TypeError('no story was drawn');
  const scenario = await makeScenario(drawn.story, drawn.layout);
  const random = new Random(seed);
  const { cuts, recovered, broken } = await cutAtRandom(scenario, {
    count,
    below: (limit) => random.below(limit),
    onTry,
  });
  const told = broken.map(({ cuts: texts, faults }) => ({
    what: `${scenario.name}: cut after ${texts.join(', then ')}: ${faults.join(' | ')}`,
    again: `pnpm prove random-cuts --count ${count} --seed ${seed}`,
  }));
  return { cuts, recovered, broken: told };
}
