import type { Digest } from '@swupd/shared';
import { choosePacks } from './choose-packs.ts';
import type { NeededBlob } from './plan.ts';
import { downloadSize, type OpenBlobs, requestCount, type Source, type SourceInput } from './source.ts';

export interface SourceChoice {
  readonly sources: readonly Source[];
  /** Blobs that nothing is left for. */
  readonly missing: readonly NeededBlob[];
  /** Exact. */
  readonly downloadBytes: number;
  readonly requests: number;
}

/** The cheapest sources for all needed blobs: bytes on the device, then whatever costs the least on the wire. Pure. */
export function chooseSources(input: SourceInput): SourceChoice {
  const open: OpenBlobs = new Map(input.needed.map((blob) => [blob.digest, blob]));
  const loose = looseSources(input);
  const sources = [
    ...chooseCopies(input, open),
    ...choosePacks(input, open, loose),
    ...chooseLoose(open, loose),
  ];
  return {
    sources,
    missing: [...open.values()],
    downloadBytes: sources.reduce((sum, source) => sum + downloadSize(source), 0),
    requests: sources.reduce((sum, source) => sum + requestCount(source), 0),
  };
}

/** Takes the blobs that the root should hold already out of `open`. */
function chooseCopies({ local, spent }: SourceInput, open: OpenBlobs): Source[] {
  const sources: Source[] = [];
  for (const blob of [...open.values()]) {
    const path = (local.get(blob.digest) ?? []).find((candidate) => !spent.has(`copy:${candidate}`));
    if (path === undefined) continue;
    sources.push({ kind: 'copy', id: `copy:${path}`, blob, path });
    open.delete(blob.digest);
  }
  return sources;
}

/** The cheapest way to get one blob by itself. */
function looseSources({ needed, deltas, spent }: SourceInput): Map<Digest, Source> {
  const best = new Map<Digest, Source>();
  const blobs = new Map(needed.map((blob) => [blob.digest, blob]));
  const offer = (source: Source & { readonly blob: NeededBlob }): void => {
    const other = best.get(source.blob.digest);
    if (spent.has(source.id) || (other !== undefined && downloadSize(other) <= downloadSize(source))) return;
    best.set(source.blob.digest, source);
  };
  for (const blob of needed) offer({ kind: 'fullfile', id: `blob:${blob.digest}`, blob });
  for (const delta of deltas) {
    const blob = blobs.get(delta.to);
    if (blob !== undefined) offer({ kind: 'delta', id: `delta:${delta.from}-${delta.to}`, blob, delta });
  }
  return best;
}

function chooseLoose(open: OpenBlobs, loose: ReadonlyMap<Digest, Source>): Source[] {
  const sources: Source[] = [];
  for (const digest of [...open.keys()]) {
    const source = loose.get(digest);
    if (source === undefined) continue;
    sources.push(source);
    open.delete(digest);
  }
  return sources;
}
