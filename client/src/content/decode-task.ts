import type { PackFrame } from '@swupd/manifests';
import type { Digest, RepoPath } from '@swupd/shared';

/** Where decoding tasks read and write. Absolute paths, for tasks run in other threads. */
export interface DecodePlaces {
  readonly root: string;
  /** The folders of downloads and of the content cache. */
  readonly downloads: string;
  readonly cache: string;
}

/** A stored object, or a part of it, that holds wanted blobs. */
export interface DecodeTask {
  readonly places: DecodePlaces;
  /** File name in the downloads folder, and where in it the frame starts. */
  readonly file: string;
  readonly offset: number;
  readonly frame: PackFrame;
  /** Members to keep; others are skipped. */
  readonly wanted: readonly Digest[];
  /** Where the device should have the old blobs that deltas start from. */
  readonly deltaSources: readonly (readonly [Digest, readonly RepoPath[]])[];
}

/** What became of each wanted blob. */
export interface DecodeResult {
  readonly decoded: readonly Digest[];
  readonly failed: readonly { readonly digest: Digest; readonly reason: string }[];
}

/** Decoding a frame above this size holds its window, up to 128 MiB. */
const LARGE = 48 * 1024 * 1024;

/** What takes much memory runs one at a time: large windows, and deltas, whose codecs bring threads of their own. */
export function isHeavy({ frame }: DecodeTask): boolean {
  return frame.plainSize > LARGE || frame.members.some(({ kind }) => kind !== 'full');
}
