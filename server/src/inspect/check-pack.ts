import { createHash } from 'node:crypto';
import {
  blobsOf,
  LAYOUT,
  type Manifest,
  type MomBundle,
  PACK_PREFIX_SIZE,
  type PackRef,
  packHeadSize,
  parsePackHead,
} from '@swupd/manifests';
import { checkPresence, type Inspection, reportDigest, reportSize, reportUnreadable } from './inspection.ts';
import { SourceError } from './published-source.ts';

/** What a pack lies between. A manifest that can't be had is undefined. */
export interface PackPlace {
  readonly bundle: MomBundle;
  readonly from: Manifest | undefined;
  readonly to: Manifest | undefined;
}

/** Size and digest of a pack, and whether its index speaks of the blobs of the manifests between which it lies. */
export async function checkPack(inspection: Inspection, ref: PackRef, place: PackPlace): Promise<void> {
  const name = LAYOUT.pack(ref.digest);
  if (inspection.quick) {
    await checkPresence(inspection, name, ref.size);
    return;
  }
  const head = await readHead(inspection, name, ref);
  const isReadable = place.to !== undefined && (ref.from === 0 || place.from !== undefined);
  if (head === undefined || !isReadable) return;
  try {
    const wrong = whatDiffers(head, ref, place);
    if (wrong !== undefined) inspection.findings.add('pack-differs', name, wrong);
  } catch (error) {
    inspection.findings.addError(name, error);
  }
}

/** What is at the start of a file whose digest is right: the head of the pack, if it is one. */
async function readHead(
  inspection: Inspection,
  name: string,
  { size, digest }: PackRef,
): Promise<Uint8Array | undefined> {
  if (!(await checkPresence(inspection, name, size))) return undefined;
  const hash = createHash('sha256');
  const head: Uint8Array[] = [];
  let read = 0;
  try {
    const body = await inspection.source.open(name);
    if (body === undefined) throw new SourceError(`${name} has just gone`);
    for await (const part of body) {
      if (read < headSize(head)) head.push(part);
      read += part.length;
      if (read > size) break;
      hash.update(part);
    }
  } catch (error) {
    reportUnreadable(inspection.findings, name, error);
    return undefined;
  }
  if (read !== size) reportSize(inspection, name, read, size);
  else if (hash.digest('hex') !== digest) reportDigest(inspection, name, digest);
  else return Buffer.concat(head);
  return undefined;
}

/** How many bytes of the start to keep: as many as the prefix says, once it is there. */
function headSize(head: readonly Uint8Array[]): number {
  const prefix = Buffer.concat(head.slice(0, 2)).subarray(0, PACK_PREFIX_SIZE);
  if (prefix.length < PACK_PREFIX_SIZE) return Number.POSITIVE_INFINITY;
  try {
    return packHeadSize(prefix);
  } catch {
    return 0;
  }
}

/** @throws FormatError `bad-pack`, `bad-manifest`, `unknown-format` */
function whatDiffers(start: Uint8Array, ref: PackRef, { bundle, from, to }: PackPlace): string | undefined {
  const size = packHeadSize(start);
  const blobs = { from: from === undefined ? [] : blobsOf(from), to: to === undefined ? [] : blobsOf(to) };
  const index = parsePackHead(start.subarray(0, size), blobs);
  if (index.bundle !== bundle.name) return `the pack belongs to ${index.bundle}`;
  if (index.from !== ref.from || index.to !== bundle.version)
    return `the pack leads from ${index.from} to ${index.to}, not from ${ref.from} to ${bundle.version}`;
  const frames = index.frames.reduce((sum, { storedSize }) => sum + storedSize, 0);
  if (size + frames === ref.size) return undefined;
  return `the pack has ${ref.size - size} bytes of frames where its index names ${frames}`;
}
