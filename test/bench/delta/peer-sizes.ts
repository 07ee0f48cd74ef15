import { execFile } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BenchPair, pairKey } from './bench-pair.ts';
import type { FigureCache } from './figure-cache.ts';
import { inLanes } from './in-lanes.ts';
import { PEERS, type PeerName } from './peers.ts';
import type { Say } from './say.ts';

/** Bytes of each peer's delta. */
export type PeerSizes = Readonly<Record<PeerName, number>>;

export interface PeerRun {
  readonly work: string;
  readonly jobs: number;
  readonly cache: FigureCache<number>;
  readonly say: Say;
}

const run = promisify(execFile);

/** What each peer makes of each pair, by `pairKey`. */
export async function measurePeers(
  pairs: readonly BenchPair[],
  { work, jobs, cache, say }: PeerRun,
): Promise<Map<string, PeerSizes>> {
  const peers = PEERS.map((peer) => ({ peer, version: peer.version() }));
  const sizes = new Map<string, PeerSizes>();
  const total = pairs.reduce((sum, { to }) => sum + to.size, 0);
  let done = 0;
  await inLanes(pairs, jobs, async (pair, lane) => {
    const own: Partial<Record<PeerName, number>> = {};
    for (const { peer, version } of peers) {
      own[peer.name] = await cache.get(`${peer.name}@${version} ${pairKey(pair)}`, async () => {
        const delta = join(work, `peer-${process.pid}-${lane}.delta`);
        const { program, args } = peer.encode({ from: pair.from.path, to: pair.to.path, delta });
        await run(program, [...args]);
        const { size } = statSync(delta);
        rmSync(delta);
        return size;
      });
    }
    sizes.set(pairKey(pair), own as PeerSizes);
    done += pair.to.size;
    say('peers', done, total);
  });
  return sizes;
}
