import type { BundleName, Digest } from '@swupd/shared';

/** A document that the repository stores as one zstd frame: both forms have digest and size, so both can be verified first. */
export interface DocumentRef {
  /** Of the plain bytes; also the document's name in the repository. */
  readonly digest: Digest;
  readonly size: number;
  readonly storedDigest: Digest;
  readonly storedSize: number;
}

/** A pack: one download that takes a bundle from one version of its manifest to the newest. */
export interface PackRef {
  /** `version` of the manifest that it starts from; 0 for a zero pack, which starts from nothing. */
  readonly from: number;
  /** Of the whole file; also its name in the repository. */
  readonly digest: Digest;
  readonly size: number;
}

export interface DifferenceRef {
  /** `version` of the manifest that it starts from. */
  readonly from: number;
  readonly document: DocumentRef;
}

/** What the MoM says of one bundle. */
export interface MomBundle {
  readonly name: BundleName;
  /** The build in which the bundle's manifest last changed. */
  readonly version: number;
  readonly manifest: DocumentRef;
  /** Number of entries, and the sum of the plain sizes of its files. */
  readonly entries: number;
  readonly contentSize: number;
  /** Bundles that must come along; `os-core` is implied. Sorted. */
  readonly includes: readonly BundleName[];
  /** Bundles that come along unless the user declines. Sorted. */
  readonly alsoAdd: readonly BundleName[];
  /** For people; UTF-8 as a byte string. */
  readonly description: string;
  /** Sorted by `from`, the zero pack first. */
  readonly packs: readonly PackRef[];
  readonly differences: readonly DifferenceRef[];
  /** The list of the loose deltas towards this manifest's blobs. */
  readonly deltaIndex: DocumentRef | undefined;
}

/** The manifest of manifests: every bundle of a build. Bundles are sorted by name. */
export interface Mom {
  readonly version: number;
  /** The build before, or 0. */
  readonly previous: number;
  /** When the build was made, seconds since 1970. */
  readonly time: number;
  readonly bundles: readonly MomBundle[];
}
