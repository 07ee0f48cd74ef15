import { type FileEntry, formatManifest, LAYOUT, type Manifest } from '@swupd/manifests';
import type { Digest } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import type { ContentSketch } from '../plan/content-sketch.ts';
import { filesOf } from '../plan/distinct-blobs.ts';
import type { BundleUpdate } from '../plan/list-updates.ts';
import { isComparable, pairByContent } from '../plan/pair-by-content.ts';
import { type FilePair, type PairedFiles, pairFiles } from '../plan/pair-files.ts';
import type { UpdatePairs } from '../plan/plan-bundle.ts';
import type { BuildContext } from './build-context.ts';
import { inBatches } from './task-pool.ts';

interface OpenUpdate {
  readonly from: Manifest;
  readonly to: Manifest;
  readonly paired: PairedFiles;
  readonly cacheKey: string;
}

const BATCH = { bytes: 4 * 1024 * 1024, count: 128 };

/**
 * The pairs of every update, in the order of the updates: by path, and for files that were renamed by content. What contents
 * say is remembered for each two manifests.
 */
export async function choosePairs(
  updates: readonly BundleUpdate[],
  context: BuildContext,
): Promise<UpdatePairs[]> {
  const open = updates.flatMap(({ to, froms }) =>
    froms.map(
      (from): OpenUpdate => ({ from, to, paired: pairFiles(from, to), cacheKey: renamesKey(from, to) }),
    ),
  );
  const remembered = await context.cache.read(open.map(({ cacheKey }) => cacheKey));
  const unknown = open.filter((_, i) => remembered[i] === undefined);
  const sketches = await sketchFiles(unknown, context);
  const found = new Map(
    unknown.map(({ cacheKey, paired: { added, removed } }) => [
      cacheKey,
      formatRenames(pairByContent(added, removed, sketches)),
    ]),
  );
  await context.cache.write(found);
  return open.map(({ from, to, paired, cacheKey }, i) => {
    const renames = parseRenames(remembered[i] ?? found.get(cacheKey), { from, to });
    return { from, to, pairs: [...paired.pairs, ...renames] };
  });
}

function renamesKey(from: Manifest, to: Manifest): string {
  return `renames:${hashContent(formatManifest(from))}-${hashContent(formatManifest(to))}`;
}

async function sketchFiles(
  updates: readonly OpenUpdate[],
  { writer, pool }: BuildContext,
): Promise<Map<Digest, ContentSketch>> {
  const files = new Map<Digest, FileEntry>();
  for (const { added, removed } of updates.map(({ paired }) => paired)) {
    if (added.length === 0 || removed.length === 0) continue;
    for (const file of [...added, ...removed]) if (isComparable(file)) files.set(file.digest, file);
  }
  const blobs = [...files.values()].flatMap(({ digest, size }) => {
    const found = writer.find(LAYOUT.blob(digest));
    return found === undefined ? [] : [{ path: found.path, plainSize: size, digest }];
  });
  const batches = inBatches(blobs, ({ plainSize }) => plainSize, BATCH);
  const requests = batches.map(({ items, bytes }) => ({ request: items, bytes, memory: bytes }));
  const results = await pool.runAll('sketchBlobs', requests);
  const sketches = new Map<Digest, ContentSketch>();
  for (const [i, { items }] of batches.entries()) {
    for (const [k, { digest }] of items.entries()) sketches.set(digest, results[i]?.[k] ?? []);
  }
  return sketches;
}

function formatRenames(pairs: readonly FilePair[]): string {
  return pairs.map(({ from, to }) => `${from.digest} ${to.digest}`).join('\n');
}

function parseRenames(text: string | undefined, { from, to }: { from: Manifest; to: Manifest }): FilePair[] {
  if (text === undefined || text === '') return [];
  const olds = new Map(filesOf(from).map((file): [string, FileEntry] => [file.digest, file]));
  const news = new Map(filesOf(to).map((file): [string, FileEntry] => [file.digest, file]));
  return text.split('\n').flatMap((line) => {
    const [old, next] = line.split(' ').map((digest, i) => (i === 0 ? olds : news).get(digest));
    return old === undefined || next === undefined ? [] : [{ from: old, to: next }];
  });
}
