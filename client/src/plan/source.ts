import type { LooseDelta, MomBundle, PackRef } from '@swupd/manifests';
import type { Digest, RepoPath } from '@swupd/shared';
import { COSTS } from './costs.ts';
import type { PackLayout } from './pack-layout.ts';
import type { NeededBlob } from './plan.ts';
import type { PackRange } from './plan-ranges.ts';

/** What a bundle offers: its line in the MoM, the blobs of its manifest, and what of it the device has. */
export interface BundleSources {
  readonly bundle: MomBundle;
  /** With the bytes that each has in the repository. */
  readonly blobs: ReadonlyMap<Digest, number>;
  readonly installed: { readonly version: number; readonly blobs: ReadonlySet<Digest> } | undefined;
}

export interface SourceInput {
  readonly needed: readonly NeededBlob[];
  readonly bundles: readonly BundleSources[];
  /** Paths of the root that should hold a blob, by its digest. */
  readonly local: ReadonlyMap<Digest, readonly RepoPath[]>;
  /** Loose deltas towards needed blobs, as far as lists of them have been fetched. */
  readonly deltas: readonly LooseDelta[];
  /** Where in packs what is, by the digest of the pack, as far as heads of packs have been fetched. */
  readonly layouts: ReadonlyMap<Digest, PackLayout>;
  /** Bytes of whole packs that an earlier run has left in the downloads, by the digest of the pack. */
  readonly begun: ReadonlyMap<Digest, number>;
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
      /** Bytes that still have to come. */
      readonly rest: number;
      readonly blobs: readonly NeededBlob[];
    }
  /** Parts of a pack. What is in them can be verified only blob by blob. */
  | {
      readonly kind: 'ranges';
      readonly id: string;
      readonly bundle: string;
      readonly pack: PackRef;
      readonly blobs: readonly NeededBlob[];
      readonly ranges: readonly PackRange[];
    }
  | { readonly kind: 'delta'; readonly id: string; readonly blob: NeededBlob; readonly delta: LooseDelta }
  | { readonly kind: 'fullfile'; readonly id: string; readonly blob: NeededBlob };

/** Blobs that nothing has been chosen for yet. */
export type OpenBlobs = Map<Digest, NeededBlob>;

/** Bytes that a source costs on the wire. */
export function downloadSize(source: Source): number {
  switch (source.kind) {
    case 'copy':
      return 0;
    case 'pack':
      return source.rest;
    case 'ranges':
      return source.ranges.reduce((sum, { length }) => sum + length, 0);
    case 'delta':
      return source.delta.storedSize;
    case 'fullfile':
      return source.blob.storedSize;
  }
}

export function requestCount(source: Source): number {
  if (source.kind === 'ranges') return source.ranges.length;
  return source.kind === 'copy' || downloadSize(source) === 0 ? 0 : 1;
}

/** What a source costs, with what its requests are worth. */
export function sourceCost(source: Source): number {
  return downloadSize(source) + requestCount(source) * COSTS.request;
}
