import { join } from 'node:path';
import { distinctPairs, pairKey } from './bench-pair.ts';
import type { SetFigures } from './bench-result.ts';
import type { OurDelta } from './encode-task.ts';
import { FigureCache } from './figure-cache.ts';
import type { NotedSet } from './list-sets.ts';
import type { DeltaOptions } from './options.ts';
import { measureOurs } from './our-sizes.ts';
import { pairFigures } from './pair-figures.ts';
import { measurePeers } from './peer-sizes.ts';
import { sayTo } from './say.ts';

/** Everybody's bytes for each pair of the sets. What has been measured before comes from the caches in the work folder. */
export async function measureSets(
  sets: readonly NotedSet[],
  { work, jobs }: DeltaOptions,
): Promise<SetFigures[]> {
  const say = sayTo(process.stderr);
  const pairs = distinctPairs(sets);
  const sizes = new FigureCache<number>(join(work, 'peer-sizes.jsonl'));
  const peers = await measurePeers(pairs, { work, jobs, cache: sizes, say });
  const deltas = new FigureCache<OurDelta | null>(join(work, 'our-sizes.jsonl'));
  const ours = await measureOurs(pairs, { jobs, fullfiles: sizes, deltas, say });
  return sets.map(({ name, note, pairs: own }) => ({
    name,
    note,
    figures: own.flatMap((pair) => {
      const mine = ours.get(pairKey(pair));
      const theirs = peers.get(pairKey(pair));
      return mine === undefined || theirs === undefined
        ? []
        : [pairFigures(pair, { ...mine, peers: theirs })];
    }),
  }));
}
