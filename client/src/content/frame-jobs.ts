import {
  blobsOf,
  type Manifest,
  PACK_PREFIX_SIZE,
  type PackBlobs,
  type PackFrame,
  type PackIndex,
  packHeadSize,
  parsePackHead,
} from '@swupd/manifests';
import type { Digest } from '@swupd/shared';
import { type Directory, ownName } from '../disk/index.ts';
import type { Source } from '../plan/choose-sources.ts';
import type { DecodePlaces, DecodeTask } from './decode-task.ts';
import { readRange } from './frame-reader.ts';
import type { LocalBlobs } from './local-blobs.ts';

/** A frame to decode, on behalf of a source. */
export interface FrameJob {
  readonly source: string;
  readonly task: DecodeTask;
}

export interface FrameJobContext {
  readonly downloads: Directory;
  readonly places: DecodePlaces;
  readonly local: LocalBlobs;
  /** Manifests of a bundle: the one that its packs lead to, and the installed one. */
  readonly manifestsOf: (bundle: string) => { readonly to: Manifest; readonly from: Manifest | undefined };
}

type Download = Exclude<Source, { kind: 'copy' }>;
type Pack = Extract<Source, { kind: 'pack' }>;

/**
 * The frames in a downloaded `file` that hold what the source was chosen for. A pack's digest has been verified.
 * @throws FormatError `bad-pack`, `bad-manifest`, `unknown-format`
 */
export function frameJobs(source: Download, file: string, context: FrameJobContext): FrameJob[] {
  const parts = source.kind === 'pack' ? packParts(source, file, context) : [loosePart(source)];
  return parts.map((part) => ({
    source: source.id,
    task: { ...part, places: context.places, file, deltaSources: deltaSources(part.frame, context.local) },
  }));
}

type FramePart = Pick<DecodeTask, 'offset' | 'frame' | 'wanted'>;

/** A loose object is a frame with one member. */
function loosePart(source: Exclude<Download, Pack>): FramePart {
  const { digest, size, storedSize } = source.blob;
  if (source.kind === 'fullfile') {
    const members = [{ kind: 'full' as const, filter: 'none' as const, digest, size }];
    const frame = { storedSize, plainSize: size, members };
    return { offset: 0, frame, wanted: [digest] };
  }
  const { from, length } = source.delta;
  const members = [{ kind: 'delta' as const, digest, size, from, length }];
  return {
    offset: 0,
    frame: { storedSize: source.delta.storedSize, plainSize: length, members },
    wanted: [digest],
  };
}

function packParts({ bundle, pack, blobs }: Pack, file: string, context: FrameJobContext): FramePart[] {
  const { to, from } = context.manifestsOf(bundle);
  const tables = { to: blobsOf(to), from: pack.from === 0 || from === undefined ? [] : blobsOf(from) };
  const { index, headSize } = readIndex(context.downloads, file, tables);
  const wanted = new Set(blobs.map(({ digest }) => digest));
  const parts: FramePart[] = [];
  let offset = headSize;
  for (const frame of index.frames) {
    const inFrame = frame.members.map(({ digest }) => digest).filter((digest) => wanted.has(digest));
    if (inFrame.length > 0) parts.push({ offset, frame, wanted: inFrame });
    offset += frame.storedSize;
  }
  return parts;
}

function readIndex(
  downloads: Directory,
  file: string,
  blobs: PackBlobs,
): { readonly index: PackIndex; readonly headSize: number } {
  const open = downloads.openFile(ownName(file));
  try {
    const headSize = packHeadSize(readRange(open, 0, PACK_PREFIX_SIZE));
    return { index: parsePackHead(readRange(open, 0, headSize), blobs), headSize };
  } finally {
    open.close();
  }
}

/** Where the old blobs should be that a frame's deltas start from. */
function deltaSources({ members }: PackFrame, local: LocalBlobs): DecodeTask['deltaSources'] {
  const digests = new Set<Digest>();
  for (const member of members) if (member.kind === 'delta') digests.add(member.from);
  return [...digests].map((digest) => [digest, local.get(digest) ?? []] as const);
}
