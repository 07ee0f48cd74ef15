import { LAYOUT } from '@swupd/manifests';
import { compareBytes, type Digest } from '@swupd/shared';
import { fullfileMemory } from '../plan/compression-plan.ts';
import type { BlobJob } from './blob-task.ts';
import type { BuildContext } from './build-context.ts';
import type { BlobSource } from './scan-trees.ts';
import { inBatches } from './task-pool.ts';

/** The fullfiles of a build. */
export interface Fullfiles {
  /** Bytes of each blob as it is stored. */
  readonly storedSizes: ReadonlyMap<Digest, number>;
  /** The blobs that were not published before. */
  readonly fresh: ReadonlySet<Digest>;
}

const BATCH = { bytes: 2 * 1024 * 1024, count: 256 };

/**
 * Compresses every file whose blob the repository does not have. The few large files come first and take the longest: whoever
 * waited for them would leave processors idle.
 * @throws BuildError `image-changed`
 */
export async function writeFullfiles(
  sources: ReadonlyMap<Digest, BlobSource>,
  context: BuildContext,
): Promise<Fullfiles> {
  const { storedSizes, fresh, jobs } = findFullfiles(sources, context);
  const total = jobs.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const report = (bytes: number): void => {
    done += bytes;
    context.progress.report({ stage: 'compress', done, total, unit: 'bytes' });
  };
  report(0);
  for (const [digest, size] of await compressFiles(jobs, context, report)) storedSizes.set(digest, size);
  context.progress.finish('compress');
  return { storedSizes, fresh };
}

/** What is there, and what has to be compressed, largest first. */
function findFullfiles(sources: ReadonlyMap<Digest, BlobSource>, { writer }: BuildContext) {
  const storedSizes = new Map<Digest, number>();
  const fresh = new Set<Digest>();
  const jobs: BlobJob[] = [];
  for (const [digest, { path, size }] of sources) {
    const name = LAYOUT.blob(digest);
    const found = writer.find(name);
    if (found?.published !== true) fresh.add(digest);
    if (found === undefined) jobs.push({ source: path, digest, size, target: writer.claim(name) });
    else storedSizes.set(digest, found.storedSize);
  }
  jobs.sort((a, b) => b.size - a.size || compareBytes(a.digest, b.digest));
  return { storedSizes, fresh, jobs };
}

async function compressFiles(
  jobs: readonly BlobJob[],
  { pool }: BuildContext,
  onDone: (bytes: number) => void,
): Promise<[Digest, number][]> {
  const batches = inBatches(jobs, ({ size }) => size, BATCH);
  const requests = batches.map(({ items, bytes }) => ({
    request: items,
    bytes,
    memory: fullfileMemory(bytes),
  }));
  const sizes = (await pool.runAll('writeBlobs', requests, onDone)).flat();
  return jobs.map(({ digest }, i) => [digest, sizes[i] ?? 0]);
}
