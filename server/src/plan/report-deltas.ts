import { compareBytes, displayPath } from '@swupd/shared';
import type { EncodingAttempt } from '@swupd/shared/delta';
import { type KnownDeltas, pairKey } from './choose-deltas.ts';
import type { FilePair } from './pair-files.ts';

/** What became of a pair of files. Sizes in bytes. */
export interface DeltaReport {
  /** Of the new file, and of the old one where that is another. */
  readonly path: string;
  readonly oldPath: string | undefined;
  readonly oldSize: number;
  readonly newSize: number;
  /** Of the new file as it is stored. */
  readonly fullfile: number;
  /** As it is stored; undefined where none is smaller than the fullfile. */
  readonly delta: number | undefined;
  readonly codec: string | undefined;
  /** What was tried in this build; the time is not reproducible. */
  readonly attempts: readonly EncodingAttempt[];
}

/** A line for each two contents that the update of some bundle pairs, by path. */
export function reportDeltas(
  pairs: readonly FilePair[],
  {
    known,
    attempts,
  }: {
    readonly known: KnownDeltas;
    readonly attempts: ReadonlyMap<string, readonly EncodingAttempt[]>;
  },
): DeltaReport[] {
  const distinct = new Map(pairs.map((pair) => [pairKey(pair.from.digest, pair.to.digest), pair]));
  const sorted = [...distinct].sort(
    ([keyA, a], [keyB, b]) => compareBytes(a.to.path, b.to.path) || compareBytes(keyA, keyB),
  );
  return sorted.map(([key, { from, to }]) => ({
    path: displayPath(to.path),
    oldPath: from.path === to.path ? undefined : displayPath(from.path),
    oldSize: from.size,
    newSize: to.size,
    fullfile: to.storedSize,
    delta: known.get(key)?.storedSize,
    codec: known.get(key)?.codec,
    attempts: attempts.get(key) ?? [],
  }));
}
