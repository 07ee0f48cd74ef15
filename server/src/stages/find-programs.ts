import { LAYOUT } from '@swupd/manifests';
import type { Digest } from '@swupd/shared';
import type { ProgramSketch, Programs } from '../plan/choose-filters.ts';
import { COMPRESSION } from '../plan/compression-plan.ts';
import type { BuildContext } from './build-context.ts';
import type { BlobSource } from './scan-trees.ts';
import { inBatches } from './task-pool.ts';

const BATCH = { bytes: 16 * 1024 * 1024, count: 1000 };
const NO_PROGRAM = '-';

/**
 * Which of the build's blobs, all of them written, are programs that packs can filter. What a blob is, is remembered.
 * @throws BuildError `bad-repository` where a blob is damaged
 */
export async function findPrograms(
  sources: ReadonlyMap<Digest, BlobSource>,
  context: BuildContext,
): Promise<Programs> {
  // A content that is never held in memory goes into packs as it is stored.
  const digests = [...sources].flatMap(([digest, { size }]) =>
    size < COMPRESSION.streamFrom ? [digest] : [],
  );
  const values = await context.cache.read(digests.map(cacheKey));
  const unknown = digests.filter((_, i) => values[i] === undefined);
  const found = await sketchAll(unknown, sources, context);
  await context.cache.write([...found].map(([digest, program]) => [cacheKey(digest), format(program)]));
  const programs = new Map<Digest, ProgramSketch>();
  for (const [i, digest] of digests.entries()) {
    const program = found.get(digest) ?? parse(values[i] ?? NO_PROGRAM);
    if (program !== undefined) programs.set(digest, program);
  }
  return programs;
}

async function sketchAll(
  digests: readonly Digest[],
  sources: ReadonlyMap<Digest, BlobSource>,
  { writer, pool }: BuildContext,
): Promise<Map<Digest, ProgramSketch | undefined>> {
  const blobs = digests.map((digest) => {
    const found = writer.find(LAYOUT.blob(digest));
    if (found === undefined) throw new TypeError(`the blob ${digest} has not been written`);
    return { digest, path: found.path, plainSize: sources.get(digest)?.size ?? 0 };
  });
  const batches = inBatches(blobs, ({ plainSize }) => plainSize, BATCH);
  const requests = batches.map(({ items, bytes }) => ({ request: items, bytes, memory: 3 * bytes }));
  const sketches = (await pool.runAll('sketchPrograms', requests)).flat();
  return new Map(digests.map((digest, i) => [digest, sketches[i]]));
}

function cacheKey(digest: Digest): string {
  return `program:${digest}`;
}

/** The two sketches, each a list of numbers. */
function format(program: ProgramSketch | undefined): string {
  return program === undefined ? NO_PROGRAM : `${program.plain.join(',')} ${program.filtered.join(',')}`;
}

function parse(text: string): ProgramSketch | undefined {
  if (text === NO_PROGRAM) return undefined;
  const [plain = [], filtered = []] = text
    .split(' ')
    .map((list) => (list === '' ? [] : list.split(',').map(Number)));
  return { plain, filtered };
}
