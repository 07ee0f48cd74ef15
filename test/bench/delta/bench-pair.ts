import type { Digest } from '@swupd/shared';

/** What kind of content a file has, by its first bytes. */
export type FileClass = 'ELF' | 'gzip' | 'other';

export interface BenchFile {
  /** Absolute path. */
  readonly path: string;
  readonly size: number;
  readonly digest: Digest;
}

/** An old and a new file, between which every codec and every peer makes its delta. */
export interface BenchPair {
  /** What tables call it: the path in its bundle, or the name of a program. */
  readonly name: string;
  readonly from: BenchFile;
  readonly to: BenchFile;
  readonly class: FileClass;
  /** A finer class: by the suffix of the name. */
  readonly kind: string;
}

/** Pairs that are summed up together, such as all changed files of an update. */
export interface PairSet {
  /** `10 → 20` */
  readonly name: string;
  readonly pairs: readonly BenchPair[];
}

/** Names a pair by its contents. */
export function pairKey({ from, to }: BenchPair): string {
  return `${from.digest}-${to.digest}`;
}

/** Each two contents once, the largest first. */
export function distinctPairs(sets: readonly PairSet[]): BenchPair[] {
  const pairs = new Map(sets.flatMap((set) => set.pairs.map((pair) => [pairKey(pair), pair])));
  return [...pairs.values()].sort((a, b) => b.to.size - a.to.size);
}
