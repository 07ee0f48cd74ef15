import {
  type Manifest,
  memberBlobs,
  memberSources,
  PACK_PREFIX_SIZE,
  type PackFrame,
  packHeadSize,
} from '@swupd/manifests';
import type { Digest } from '@swupd/shared';
import { type Directory, ownName } from '../disk/index.ts';
import type { PackRange } from '../plan/plan-ranges.ts';
import type { Source } from '../plan/source.ts';
import type { DecodePlaces, DecodeTask } from './decode-task.ts';
import { readRange } from './frame-reader.ts';
import type { LocalBlobs } from './local-blobs.ts';
import type { RangePlace } from './pack-files.ts';
import { parsePackLayout } from './parse-pack-layout.ts';

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

type Whole = Exclude<Source, { kind: 'copy' | 'ranges' }>;
type Pack = Extract<Source, { kind: 'pack' }>;

/**
 * The frames in a downloaded `file` that hold what the source was chosen for. A pack's digest has been verified.
 * @throws FormatError `bad-pack`, `bad-manifest`, `unknown-format`
 */
export function frameJobs(source: Whole, file: string, context: FrameJobContext): FrameJob[] {
  const parts = source.kind === 'pack' ? packParts(source, file, context) : [loosePart(source)];
  return parts.map((part) => frameJob(source.id, { ...part, file }, context));
}

/** A range of a pack that has been downloaded, on behalf of a source. */
export interface DownloadedRange {
  readonly source: string;
  readonly range: PackRange;
  readonly place: RangePlace;
}

/** The frames of a range of a pack. Nothing in it has been verified. */
export function rangeJobs({ source, range, place }: DownloadedRange, context: FrameJobContext): FrameJob[] {
  const { file, offset } = place;
  return range.parts.map((part) =>
    frameJob(source, { ...part, offset: offset + part.offset, file }, context),
  );
}

function frameJob(
  source: string,
  part: FramePart & { readonly file: string },
  { places, local }: Pick<FrameJobContext, 'places' | 'local'>,
): FrameJob {
  return { source, task: { ...part, places, deltaSources: deltaSources(part.frame, local) } };
}

type FramePart = Pick<DecodeTask, 'offset' | 'frame' | 'wanted'>;

/** A loose object is a frame with one member. */
function loosePart(source: Exclude<Whole, Pack>): FramePart {
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
  const head = readHead(context.downloads, file);
  const { headSize, frames } = parsePackLayout(head, { bundle, pack, ...context.manifestsOf(bundle) });
  const wanted = new Set(blobs.map(({ digest }) => digest));
  const parts: FramePart[] = [];
  let offset = headSize;
  for (const frame of frames) {
    const inFrame = frame.members
      .flatMap(memberBlobs)
      .map(({ digest }) => digest)
      .filter((digest) => wanted.has(digest));
    if (inFrame.length > 0) parts.push({ offset, frame, wanted: inFrame });
    offset += frame.storedSize;
  }
  return parts;
}

function readHead(downloads: Directory, file: string): Uint8Array {
  const open = downloads.openFile(ownName(file));
  try {
    return readRange(open, 0, packHeadSize(readRange(open, 0, PACK_PREFIX_SIZE)));
  } finally {
    open.close();
  }
}

/** Where the old blobs should be that a frame's deltas start from. */
function deltaSources({ members }: PackFrame, local: LocalBlobs): DecodeTask['deltaSources'] {
  const digests = new Set<Digest>(members.flatMap(memberSources));
  return [...digests].map((digest) => [digest, local.get(digest) ?? []] as const);
}
