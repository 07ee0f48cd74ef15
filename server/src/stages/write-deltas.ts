import { LAYOUT } from '@swupd/manifests';
import { compareBytes } from '@swupd/shared';
import { CODECS, ENCODING_BUDGET, type EncodingAttempt, planEncoding } from '@swupd/shared/delta';
import { type KnownDeltas, pairKey } from '../plan/choose-deltas.ts';
import { COMPRESSION } from '../plan/compression-plan.ts';
import type { FilePair } from '../plan/pair-files.ts';
import type { BuildContext } from './build-context.ts';
import type { DeltaJob, TriedDelta } from './delta-task.ts';
import type { MadeDelta } from './made-delta.ts';
import { inBatches } from './task-pool.ts';

const BATCH = { bytes: 4 * 1024 * 1024, count: 32 };
const NO_GAIN = '-';

/** The deltas of a build. */
export interface WrittenDeltas {
  readonly known: KnownDeltas;
  /** By the key of the pair, what was tried for it now and not for an earlier build. */
  readonly attempts: ReadonlyMap<string, readonly EncodingAttempt[]>;
  /** Pairs that more memory would have allowed other codecs. */
  readonly reduced: number;
}

/**
 * Makes the deltas of some pairs where they gain. What has been tried for an earlier build, with or without gain, is not
 * tried again.
 */
export async function writeDeltas(pairs: readonly FilePair[], context: BuildContext): Promise<WrittenDeltas> {
  const wanted = distinctPairs(pairs);
  const known = await readKnown(wanted, context);
  const tried = await tryPairs(
    wanted.filter((pair) => !known.has(keyOf(pair))),
    context,
  );
  const made = [...tried].map(([key, { delta }]): [string, MadeDelta | undefined] => [key, delta]);
  await context.cache.write(made.map(([key, delta]) => [cacheKey(key, context), formatDelta(delta)]));
  // Those that were staged by threads become part of the release.
  for (const { from, to } of wanted) context.writer.find(LAYOUT.delta(from.digest, to.digest));
  return {
    known: new Map([...known, ...made]),
    attempts: new Map([...tried].map(([key, { attempts }]) => [key, attempts])),
    reduced: wanted.filter((pair) => isReduced(pair, context)).length,
  };
}

/** The pairs for which a delta can be tried, largest first. */
function distinctPairs(pairs: readonly FilePair[]): FilePair[] {
  const distinct = new Map<string, FilePair>();
  for (const pair of pairs) {
    const { from, to } = pair;
    if (from.size === 0 || to.size === 0) continue;
    distinct.set(keyOf(pair), pair);
  }
  return [...distinct.values()].sort(
    (a, b) => plainBytes(b) - plainBytes(a) || compareBytes(keyOf(a), keyOf(b)),
  );
}

/** What the cache knows of the pairs; a delta counts only while its file is there. */
async function readKnown(pairs: readonly FilePair[], context: BuildContext): Promise<KnownDeltas> {
  const { cache, writer } = context;
  const values = await cache.read(pairs.map((pair) => cacheKey(keyOf(pair), context)));
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
  { writer, pool, progress, pairMemory }: BuildContext,
): Promise<Map<string, TriedDelta>> {
  const jobs = pairs.flatMap((pair): DeltaWork[] => {
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
      scratch: writer.scratch(`unpacked/${keyOf(pair)}`),
      memory: pairMemory,
    };
    const { memory } = planEncoding(from.size, to.size, pairMemory);
    return [{ key: keyOf(pair), job, bytes: plainBytes(pair), memory }];
  });
  const batches = inBatches(jobs, ({ bytes }) => bytes, BATCH);
  const total = jobs.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const report = (count: number): void => {
    done += count;
    progress.report({ stage: 'deltas', done, total, unit: 'bytes' });
  };
  report(0);
  const requests = batches.map(({ items, bytes }) => ({
    request: items.map(({ job }) => job),
    bytes,
    memory: Math.max(...items.map(({ memory }) => memory)),
  }));
  const results = await pool.runAll('writeDelta', requests, report);
  progress.finish('deltas');
  const tried = new Map<string, TriedDelta>();
  for (const [i, { items }] of batches.entries()) {
    for (const [k, { key }] of items.entries()) {
      const result = results[i]?.[k];
      if (result !== undefined) tried.set(key, result);
    }
  }
  return tried;
}

interface DeltaWork {
  readonly key: string;
  readonly job: DeltaJob;
  readonly bytes: number;
  readonly memory: number;
}

function keyOf({ from, to }: FilePair): string {
  return pairKey(from.digest, to.digest);
}

function plainBytes({ from, to }: FilePair): number {
  return from.size + to.size;
}

function isReduced({ from, to }: FilePair, { pairMemory }: BuildContext): boolean {
  return planEncoding(from.size, to.size, pairMemory).reduced;
}

/** A new codec or level may gain where the old ones did not, and so may more memory. */
function cacheKey(pair: string, { pairMemory }: BuildContext): string {
  const limit = pairMemory < ENCODING_BUDGET.memory ? `:${pairMemory}` : '';
  return `delta:${CODECS.map(({ name }) => name).join('+')}:${COMPRESSION.level}${limit}:${pair}`;
}

function formatDelta(delta: MadeDelta | undefined): string {
  return delta === undefined ? NO_GAIN : `${delta.length} ${delta.storedSize} ${delta.codec}`;
}

function parseDelta(value: string | undefined): MadeDelta | undefined {
  const [length, storedSize, codec] = (value ?? '').split(' ');
  return length === undefined || storedSize === undefined || codec === undefined
    ? undefined
    : { length: Number(length), storedSize: Number(storedSize), codec };
}
