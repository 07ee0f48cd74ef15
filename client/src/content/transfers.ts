import { LAYOUT } from '@swupd/manifests';
import { type Directory, ownName, removeIfThere } from '../disk/index.ts';
import type { PackRange } from '../plan/plan-ranges.ts';
import type { Source } from '../plan/source.ts';
import type { DownloadRequest } from '../repository/index.ts';
import { type FrameJob, type FrameJobContext, frameJobs, rangeJobs } from './frame-jobs.ts';
import { findRange, packFile, type RangePlace, rangeFile, removeRanges } from './pack-files.ts';

export type Download = Exclude<Source, { kind: 'copy' }>;
type Ranges = Extract<Source, { kind: 'ranges' }>;

/** An object, or a part of one, that a source brings. */
export interface Transfer {
  readonly source: Download;
  /** What to download; undefined where an earlier run has left it. */
  readonly request: DownloadRequest | undefined;
  /** The part of a pack, and where it lies then. */
  readonly range?: PackRange;
  readonly place: RangePlace;
}

/** What has to be downloaded for a source: one object, or each range. */
export function transfersOf(source: Download, downloads: Directory): Transfer[] {
  if (source.kind === 'ranges') return source.ranges.map((range) => rangeTransfer(source, range, downloads));
  const request = requestFor(source);
  return [{ source, request, place: { file: request.file, offset: 0 } }];
}

/**
 * The frames in what a transfer has brought.
 * @throws FormatError for a pack whose index can't be read
 */
export function jobsOf({ source, range, place }: Transfer, context: FrameJobContext): FrameJob[] {
  if (source.kind !== 'ranges') return frameJobs(source, place.file, context);
  return range === undefined ? [] : rangeJobs({ source: source.id, range, place }, context);
}

/** Removes a download that has been decoded: what is good of it is in the cache. */
export function removeTransfer({ source, place }: Transfer, downloads: Directory): void {
  removeIfThere(downloads, ownName(place.file));
  if (source.kind === 'ranges') removeRanges(downloads, source.pack.digest);
}

function rangeTransfer(source: Ranges, range: PackRange, downloads: Directory): Transfer {
  const { pack } = source;
  const there = findRange(downloads, pack, range);
  if (there !== undefined) return { source, range, request: undefined, place: there };
  const { offset, length } = range;
  const file = rangeFile(pack.digest, range);
  const request = {
    name: LAYOUT.pack(pack.digest),
    size: length,
    range: { offset, objectSize: pack.size },
    file,
  };
  return { source, range, request, place: { file, offset: 0 } };
}

function requestFor(source: Exclude<Download, Ranges>): DownloadRequest {
  switch (source.kind) {
    case 'pack':
      return {
        name: LAYOUT.pack(source.pack.digest),
        size: source.pack.size,
        digest: source.pack.digest,
        file: packFile(source.pack.digest),
      };
    case 'delta':
      return {
        name: LAYOUT.delta(source.delta.from, source.delta.to),
        size: source.delta.storedSize,
        file: `delta-${source.delta.from}-${source.delta.to}`,
      };
    case 'fullfile':
      return {
        name: LAYOUT.blob(source.blob.digest),
        size: source.blob.storedSize,
        file: `blob-${source.blob.digest}`,
      };
  }
}
