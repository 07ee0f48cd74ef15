import { type FileEntry, formatManifest, LAYOUT, type Manifest } from '@swupd/manifests';
import type { Digest } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import type { ContentSketch } from '../plan/content-sketch.ts';
import { distinctBlobs, filesOf } from '../plan/distinct-blobs.ts';
import { findRelatives, isComparable, type Relatives } from '../plan/find-relatives.ts';
import type { BundleUpdate } from '../plan/list-updates.ts';
import { nearbyFiles } from '../plan/nearby-files.ts';
import { type FilePair, type PairedFiles, pairFiles } from '../plan/pair-files.ts';
import type { UpdatePairs } from '../plan/plan-bundle.ts';
import type { BuildContext } from './build-context.ts';
import { inBatches } from './task-pool.ts';

interface OpenUpdate {
  readonly from: Manifest;
  readonly to: Manifest;
  readonly paired: PairedFiles;
  /** Old files that the added ones are compared with. */
  readonly olds: readonly FileEntry[];
  readonly cacheKey: string;
}

const BATCH = { bytes: 4 * 1024 * 1024, count: 128 };

/**
 * The pairs of every update, in the order of the updates: by path, and for new files by content, with those that were renamed
 * and those around them. What contents say is remembered for each two manifests.
 */
export async function choosePairs(
  updates: readonly BundleUpdate[],
  context: BuildContext,
): Promise<UpdatePairs[]> {
  const open = updates.flatMap(({ to, froms }) => froms.map((from) => openUpdate(from, to)));
  const remembered = await context.cache.read(open.map(({ cacheKey }) => cacheKey));
  const unknown = open.filter((_, i) => remembered[i] === undefined);
  const sketches = await sketchFiles(unknown, context);
  const found = new Map(
    unknown.map(({ cacheKey, paired: { added }, olds }) => [
      cacheKey,
      formatRelatives(added, findRelatives(added, olds, sketches)),
    ]),
  );
  await context.cache.write(found);
  return open.map(({ from, to, paired, cacheKey }, i) => {
    const all = parseRelatives(remembered[i] ?? found.get(cacheKey), { from, to });
    const isFirst = (pair: FilePair, index: number): boolean => all[index - 1]?.to !== pair.to;
    return {
      from,
      to,
      pairs: [...paired.pairs, ...all.filter(isFirst)],
      relatives: all.filter((pair, index) => !isFirst(pair, index)),
    };
  });
}

function openUpdate(from: Manifest, to: Manifest): OpenUpdate {
  const paired = pairFiles(from, to);
  const { added, removed } = paired;
  const near = added.length === 0 ? [] : nearbyFiles(added, distinctBlobs(filesOf(from)));
  const olds = new Map([...removed, ...near].map((file) => [file.digest, file]));
  const digests = [from, to].map((manifest) => hashContent(formatManifest(manifest)));
  return { from, to, paired, olds: [...olds.values()], cacheKey: `relatives:${digests.join('-')}` };
}

async function sketchFiles(
  updates: readonly OpenUpdate[],
  { writer, pool }: BuildContext,
): Promise<Map<Digest, ContentSketch>> {
  const files = new Map<Digest, FileEntry>();
  for (const { paired, olds } of updates) {
    if (paired.added.length === 0 || olds.length === 0) continue;
    for (const file of [...paired.added, ...olds]) if (isComparable(file)) files.set(file.digest, file);
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

/** A line `old new` for each relative, those of a new file together and the closest first. */
function formatRelatives(added: readonly FileEntry[], relatives: Relatives): string {
  return added
    .flatMap((to) => (relatives.get(to.digest) ?? []).map((from) => `${from.digest} ${to.digest}`))
    .join('\n');
}

function parseRelatives(
  text: string | undefined,
  { from, to }: { readonly from: Manifest; readonly to: Manifest },
): FilePair[] {
  if (text === undefined || text === '') return [];
  const olds = new Map(filesOf(from).map((file): [string, FileEntry] => [file.digest, file]));
  const news = new Map(filesOf(to).map((file): [string, FileEntry] => [file.digest, file]));
  return text.split('\n').flatMap((line) => {
    const [old, next] = line.split(' ').map((digest, i) => (i === 0 ? olds : news).get(digest));
    return old === undefined || next === undefined ? [] : [{ from: old, to: next }];
  });
}
