import { LAYOUT } from '@swupd/manifests';
import { compareBytes } from '@swupd/shared';
import { CODECS } from '@swupd/shared/delta';
import { type KnownDeltas, pairKey } from '../plan/choose-deltas.ts';
import { COMPRESSION } from '../plan/compression-plan.ts';
import type { FilePair } from '../plan/pair-files.ts';
import type { BuildContext } from './build-context.ts';
import type { DeltaJob, MadeDelta } from './delta-task.ts';
import { inBatches } from './task-pool.ts';

const BATCH = { bytes: 4 * 1024 * 1024, count: 32 };
const NO_GAIN = '-';

/**
 * Makes the deltas of some pairs where they gain. What has been tried for an earlier build, with or without gain, is not
 * tried again.
 */
export async function writeDeltas(pairs: readonly FilePair[], context: BuildContext): Promise<KnownDeltas> {
  const wanted = distinctPairs(pairs);
  const known = await readKnown(wanted, context);
  const jobs = wanted.filter((pair) => !known.has(keyOf(pair)));
  const made = await tryPairs(jobs, context);
  await context.cache.write([...made].map(([key, delta]) => [cacheKey(key), formatDelta(delta)]));
  // Those that were staged by threads become part of the release.
  for (const { from, to } of wanted) context.writer.find(LAYOUT.delta(from.digest, to.digest));
  return new Map([...known, ...made]);
}

/** The pairs for which a delta can be tried, largest first. */
function distinctPairs(pairs: readonly FilePair[]): FilePair[] {
  const distinct = new Map<string, FilePair>();
  for (const pair of pairs) {
    const { from, to } = pair;
    if (from.size === 0 || to.size === 0 || Math.max(from.size, to.size) > COMPRESSION.deltaMax) continue;
    distinct.set(keyOf(pair), pair);
  }
  return [...distinct.values()].sort(
    (a, b) => plainBytes(b) - plainBytes(a) || compareBytes(keyOf(a), keyOf(b)),
  );
}

/** What the cache knows of the pairs; a delta counts only while its file is there. */
async function readKnown(pairs: readonly FilePair[], { cache, writer }: BuildContext): Promise<KnownDeltas> {
  const values = await cache.read(pairs.map((pair) => cacheKey(keyOf(pair))));
  const known = new Map<string, MadeDelta | undefined>();
  for (const [i, pair] of pairs.entries()) {
    const value = values[i];
    if (value === NO_GAIN) known.set(keyOf(pair), undefined);
    const delta = parseDelta(value);
    const there =
      delta === undefined ? undefined : writer.find(LAYOUT.delta(pair.from.digest, pair.to.digest));
    if (there !== undefined && there.storedSize === delta?.storedSize) known.set(keyOf(pair), delta);
  }
  return known;
}

async function tryPairs(
  pairs: readonly FilePair[],
  { writer, pool, progress }: BuildContext,
): Promise<Map<string, MadeDelta | undefined>> {
  const jobs = pairs.flatMap((pair): { key: string; job: DeltaJob; bytes: number }[] => {
    const { from, to } = pair;
    const source = writer.find(LAYOUT.blob(from.digest));
    const goal = writer.find(LAYOUT.blob(to.digest));
    if (source === undefined || goal === undefined) return [];
    const job = {
      from: { path: source.path, plainSize: from.size, digest: from.digest },
      to: { path: goal.path, plainSize: to.size, digest: to.digest },
      limit: to.storedSize,
      existing: writer.find(LAYOUT.delta(from.digest, to.digest))?.path,
      target: writer.path(LAYOUT.delta(from.digest, to.digest)),
    };
    return [{ key: keyOf(pair), job, bytes: plainBytes(pair) }];
  });
  const batches = inBatches(jobs, ({ bytes }) => bytes, BATCH);
  let done = 0;
  const report = (count: number): void => {
    done += count;
    progress.report({
      stage: 'deltas',
      done,
      total: jobs.reduce((sum, { bytes }) => sum + bytes, 0),
      unit: 'bytes',
    });
  };
  report(0);
  const requests = batches.map(({ items, bytes }) => ({
    request: items.map(({ job }) => job),
    bytes,
    memory: 2 * bytes,
  }));
  const results = await pool.runAll('writeDelta', requests, report);
  progress.finish('deltas');
  const made = new Map<string, MadeDelta | undefined>();
  for (const [i, { items }] of batches.entries()) {
    for (const [k, { key }] of items.entries()) made.set(key, results[i]?.[k]);
  }
  return made;
}

function keyOf({ from, to }: FilePair): string {
  return pairKey(from.digest, to.digest);
}

function plainBytes({ from, to }: FilePair): number {
  return from.size + to.size;
}

/** A new codec or level may gain where the old ones did not. */
function cacheKey(pair: string): string {
  return `delta:${CODECS.map(({ name }) => name).join('+')}:${COMPRESSION.level}:${pair}`;
}

function formatDelta(delta: MadeDelta | undefined): string {
  return delta === undefined ? NO_GAIN : `${delta.length} ${delta.storedSize}`;
}

function parseDelta(value: string | undefined): MadeDelta | undefined {
  const [length, storedSize] = (value ?? '').split(' ').map(Number);
  return length === undefined || storedSize === undefined ? undefined : { length, storedSize };
}
