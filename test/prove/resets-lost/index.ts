import { SCENARIOS } from '../device/scenarios.ts';
import type { Proof, ProofRequest, ProofResult } from '../proof.ts';
import { runResets } from '../resets/run-resets.ts';
import { VolatileDisk } from '../resets/volatile-disk.ts';

export const PROOF: Proof = {
  name: 'resets-lost',
  summary: 'resets can be found broken: the same with a disk that confirms flushes and forgets them',
  count: 8,
  run: prove,
};

/** All that was written since the machine was switched on is at risk. */
class LyingDisk extends VolatileDisk {
  override flush(): void {}
}

/** @throws Error where a program is missing, with the packages that have it */
async function prove(request: ProofRequest): Promise<ProofResult> {
  const { trials, broken } = await runResets({
    ...request,
    name: PROOF.name,
    scenarios: SCENARIOS.filter(({ name }) => name === 'update-packs'),
    makeDisk: (content) => new LyingDisk(content),
    keepBroken: false,
  });
  const figures = { 'found broken': broken.length };
  const again = `pnpm prove ${PROOF.name} --count ${request.count} --seed ${request.seed}`;
  const missed = { what: `none of ${trials.length} resets of a lying disk was found broken`, again };
  return { tried: trials.length, broken: broken.length > 0 ? [] : [missed], figures };
}
