import { createHash } from 'node:crypto';
import { LAYOUT, type LooseDelta } from '@swupd/manifests';
import { decompress, releaseBytes, SwupdError } from '@swupd/shared';
import { bytesSource, closeDeltaWorkers, decodeDelta } from '@swupd/shared/delta';
import { checkContent, decode, isLarge, readContent, type StoredContent } from './check-content.ts';
import { Findings } from './finding.ts';
import { inLanes } from './in-lanes.ts';
import type { NamedObjects } from './inspect-bundles.ts';
import { checkPresence, type Inspection, readExpected } from './inspection.ts';

/** What a delta's source and target may have to be decoded here, in bytes each, and how many deltas at a time: memory. */
const DECODED = 64 * 1024 * 1024;
const DELTA_LANES = 2;

/** Figures of an inspection. */
export interface CheckedObjects {
  readonly blobs: number;
  readonly blobBytes: number;
  readonly deltas: number;
  /** Of those, the ones that were carried out. */
  readonly decodedDeltas: number;
}

/** Every blob and delta: there, as large as announced, and with the digest after decoding. */
export async function checkObjects(
  inspection: Inspection,
  { blobs, deltas }: NamedObjects,
): Promise<CheckedObjects> {
  const { lanes, progress } = inspection;
  const total = [...blobs.values()].reduce((sum, { storedSize }) => sum + storedSize, 0);
  let done = 0;
  const check = async (blob: StoredContent): Promise<void> => {
    await checkContent(inspection, LAYOUT.blob(blob.digest), blob);
    done += blob.storedSize;
    progress.report({ stage: 'blobs', done, total, unit: 'bytes' });
  };
  await inLanes(
    blobs.values().filter((blob) => !isLarge(blob)),
    lanes,
    check,
  );
  // A decoder of a large one holds as much as its window: up to 128 MiB.
  await inLanes(blobs.values().filter(isLarge), 1, check);
  progress.finish('blobs');
  let [checked, decodedDeltas] = [0, 0];
  await inLanes(deltas.values(), Math.min(lanes, DELTA_LANES), async (delta) => {
    if (await checkDelta(inspection, delta, blobs)) decodedDeltas++;
    progress.report({ stage: 'deltas', done: ++checked, total: deltas.size, unit: 'files' });
  });
  progress.finish('deltas');
  await closeDeltaWorkers();
  return { blobs: blobs.size, blobBytes: total, deltas: deltas.size, decodedDeltas };
}

/** Whether the delta was carried out. One whose source no build has any more, or that is too large, is only looked at. */
async function checkDelta(
  inspection: Inspection,
  delta: LooseDelta,
  blobs: NamedObjects['blobs'],
): Promise<boolean> {
  const name = LAYOUT.delta(delta.from, delta.to);
  const [from, to] = [blobs.get(delta.from), blobs.get(delta.to)];
  const isDecoded = from !== undefined && to !== undefined && Math.max(from.size, to.size) <= DECODED;
  if (inspection.quick || !isDecoded) {
    await checkPresence(inspection, name, delta.storedSize);
    return false;
  }
  const stored = await readExpected(inspection, name, { size: delta.storedSize });
  // What is wrong with the source has been said where it was checked itself.
  const quiet = { ...inspection, findings: new Findings() };
  const source = stored && (await readContent(quiet, LAYOUT.blob(from.digest), from));
  const container = stored && decode(inspection, name, () => decompress(stored, delta.length));
  if (source === undefined || container === undefined) return false;
  const wrong = await whatIsWrong(decodeDelta(bytesSource(source), container, to.size), delta);
  releaseBytes(source, container);
  if (wrong !== undefined) inspection.findings.add('delta-differs', name, wrong);
  return true;
}

async function whatIsWrong(
  decoded: AsyncIterable<Uint8Array>,
  { to }: LooseDelta,
): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const part of decoded) hash.update(part);
  } catch (error) {
    if (!(error instanceof SwupdError)) throw error;
    return error.message;
  }
  return hash.digest('hex') === to ? undefined : 'the delta makes something else than it should';
}
