import type { LooseDelta, MomBundle, PackRef } from '@swupd/manifests';
import type { Digest, RepoPath } from '@swupd/shared';
import type { NeededBlob } from './plan.ts';

/** What a bundle offers: its line in the MoM, the blobs of its manifest, and what of it the device has. */
export interface BundleSources {
  readonly bundle: MomBundle;
  readonly blobs: ReadonlySet<Digest>;
  readonly installed: { readonly version: number; readonly blobs: ReadonlySet<Digest> } | undefined;
}

export interface SourceInput {
  readonly needed: readonly NeededBlob[];
  readonly bundles: readonly BundleSources[];
  /** Paths of the root that should hold a blob, by its digest. */
  readonly local: ReadonlyMap<Digest, readonly RepoPath[]>;
  /** Loose deltas towards needed blobs, as far as lists of them have been fetched. */
  readonly deltas: readonly LooseDelta[];
  /** Ids of sources that have failed or have given what they had. */
  readonly spent: ReadonlySet<string>;
}

/** One way to get blobs, with an id by which it is remembered as spent. */
export type Source =
  | { readonly kind: 'copy'; readonly id: string; readonly blob: NeededBlob; readonly path: RepoPath }
  | {
      readonly kind: 'pack';
      readonly id: string;
      readonly bundle: string;
      readonly pack: PackRef;
      readonly blobs: readonly NeededBlob[];
    }
  | { readonly kind: 'delta'; readonly id: string; readonly blob: NeededBlob; readonly delta: LooseDelta }
  | { readonly kind: 'fullfile'; readonly id: string; readonly blob: NeededBlob };

export interface SourceChoice {
  readonly sources: readonly Source[];
  /** Blobs that nothing is left for. */
  readonly missing: readonly NeededBlob[];
  /** Exact. */
  readonly downloadBytes: number;
  readonly requests: number;
}

/** What one more request is worth in bytes: latency, headers, and the server's work. */
const REQUEST_COST = 2048;

type OpenBlobs = Map<Digest, NeededBlob>;

/** The cheapest sources for all needed blobs: bytes on the device, then whatever costs the least on the wire. Pure. */
export function chooseSources(input: SourceInput): SourceChoice {
  const open: OpenBlobs = new Map(input.needed.map((blob) => [blob.digest, blob]));
  const loose = looseSources(input);
  const sources = [
    ...chooseCopies(input, open),
    ...choosePacks(input, open, loose),
    ...chooseLoose(open, loose),
  ];
  const downloads = sources.filter((source) => source.kind !== 'copy');
  return {
    sources,
    missing: [...open.values()],
    downloadBytes: downloads.reduce((sum, source) => sum + downloadSize(source), 0),
    requests: downloads.length,
  };
}

/** Bytes that a source costs on the wire. */
export function downloadSize(source: Source): number {
  switch (source.kind) {
    case 'copy':
      return 0;
    case 'pack':
      return source.pack.size;
    case 'delta':
      return source.delta.storedSize;
    case 'fullfile':
      return source.blob.storedSize;
  }
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

/** Bundle by bundle, takes the blobs out of `open` that a pack brings for less than they cost one by one. */
function choosePacks(
  { bundles, spent }: SourceInput,
  open: OpenBlobs,
  loose: ReadonlyMap<Digest, Source>,
): Source[] {
  const sources: Source[] = [];
  for (const offer of bundles) {
    const wanted = [...open.values()].filter((blob) => offer.blobs.has(blob.digest));
    const packs = offer.bundle.packs
      .filter((pack) => !spent.has(`pack:${pack.digest}`))
      .map((pack) => ({ pack, blobs: wanted.filter((blob) => brings(offer, pack, blob.digest)) }))
      .map((choice) => ({
        ...choice,
        saved: looseCost(choice.blobs, loose) - choice.pack.size - REQUEST_COST,
      }))
      .filter((choice) => choice.blobs.length > 0 && choice.saved > 0)
      .sort((a, b) => (a.saved === b.saved ? a.pack.size - b.pack.size : a.saved < b.saved ? 1 : -1));
    const [best] = packs;
    if (best === undefined) continue;
    sources.push({
      kind: 'pack',
      id: `pack:${best.pack.digest}`,
      bundle: offer.bundle.name,
      pack: best.pack,
      blobs: best.blobs,
    });
    for (const blob of best.blobs) open.delete(blob.digest);
  }
  return sources;
}

/** A pack has all blobs that the manifest it starts from lacks; it is of use only where that manifest is installed. */
function brings(offer: BundleSources, pack: PackRef, digest: Digest): boolean {
  if (pack.from === 0) return true;
  return pack.from === offer.installed?.version && !offer.installed.blobs.has(digest);
}

/** Without another source a pack is worth any price. */
function looseCost(blobs: readonly NeededBlob[], loose: ReadonlyMap<Digest, Source>): number {
  return blobs.reduce((sum, { digest }) => {
    const source = loose.get(digest);
    return sum + (source === undefined ? Number.POSITIVE_INFINITY : downloadSize(source) + REQUEST_COST);
  }, 0);
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
