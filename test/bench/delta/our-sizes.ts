import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createWorkerPool, hashContent, siblingModule } from '@swupd/shared/io';
import { type BenchPair, pairKey } from './bench-pair.ts';
import type { OurDelta } from './encode-task.ts';
import type { FigureCache } from './figure-cache.ts';
import { inLanes } from './in-lanes.ts';
import type { Say } from './say.ts';

export interface OurSize {
  /** Of the new file compressed by itself. */
  readonly fullfile: number;
  readonly delta: OurDelta | undefined;
}

export interface OurRun {
  readonly jobs: number;
  readonly fullfiles: FigureCache<number>;
  /** null stands for: no codec takes the pair. */
  readonly deltas: FigureCache<OurDelta | null>;
  readonly say: Say;
}

/** What we make of each pair, by `pairKey`, in worker threads. What the same sources gave before is not made again. */
export async function measureOurs(
  pairs: readonly BenchPair[],
  { jobs, fullfiles, deltas, say }: OurRun,
): Promise<Map<string, OurSize>> {
  const pool = createWorkerPool({ module: siblingModule(import.meta.url, './encode-task'), threads: jobs });
  const sources = digestOfSources();
  const sizes = new Map<string, OurSize>();
  const total = pairs.reduce((sum, { to }) => sum + to.size, 0);
  let done = 0;
  try {
    await inLanes(pairs, jobs, async (pair) => {
      const fullfile = await fullfiles.get(`zstd ${process.versions.zstd} ${pair.to.digest}`, () =>
        pool.run<number>('fullfileSize', { path: pair.to.path }),
      );
      const delta = await deltas.get(`${sources} ${pairKey(pair)}`, async () => {
        const request = { from: pair.from.path, to: pair.to.path };
        return (await pool.run<OurDelta | undefined>('encodePair', request)) ?? null;
      });
      sizes.set(pairKey(pair), { fullfile, delta: delta ?? undefined });
      done += pair.to.size;
      say('ours', done, total);
    });
  } finally {
    await pool.close();
  }
  return sizes;
}

/** Names what a delta depends on besides its pair: the sources of the codecs and what they are made of, and the runtime with its zstd and Brotli. */
function digestOfSources(): string {
  const folder = fileURLToPath(new URL('../../../shared/src', import.meta.url));
  const files = globSync('**/*.ts', {
    cwd: folder,
    exclude: ['io/**', 'terminal/**', '**/*.test.ts'],
  }).sort();
  const texts = files.map((file) => `${file}\n${readFileSync(join(folder, file), 'utf8')}`);
  return hashContent(Buffer.from([process.version, ...texts].join('\0'))).slice(0, 16);
}
