import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { hashContent } from '@swupd/shared/io';
import type { BenchPair, PairSet } from './bench-pair.ts';
import { classOf, kindOf } from './file-class.ts';
import { foreignSets } from './foreign-set.ts';
import type { DeltaOptions } from './options.ts';
import { treePairs } from './tree-pairs.ts';

/** A set of pairs with what is to be said of it besides. */
export interface NotedSet extends PairSet {
  readonly note?: string;
}

export interface ListedSets {
  /** Whose bytes are compared. */
  readonly compared: readonly NotedSet[];
  /** Whose time is measured. */
  readonly timed: readonly BenchPair[];
}

/** The update whose files have marks of their own. */
export const FIRST_UPDATE = '10 → 20';

const UPDATES = [
  [10, 20],
  [20, 30],
  [10, 30],
] as const;

export function listSets(options: DeltaOptions): ListedSets {
  const { parts, files, pairs: names, timed } = options;
  if (files !== undefined) {
    const pairs = [filePair(files)];
    return { compared: [{ name: 'files', pairs }], timed: parts.has('times') ? pairs : [] };
  }
  const trees = parts.has('trees') || parts.has('times') ? treeSets(options) : [];
  const foreign = parts.has('foreign') ? foreignSets(join(options.work, 'foreign')) : [];
  const compared = [...(parts.has('trees') ? trees : []), ...foreign].map((set) => ({
    ...set,
    pairs:
      names === undefined ? set.pairs : set.pairs.filter((pair) => names.some((name) => isNamed(pair, name))),
  }));
  const all = [...trees, ...foreign].flatMap(({ pairs }) => pairs);
  return {
    compared: compared.filter(({ pairs }) => pairs.length > 0),
    timed: parts.has('times') ? timed.flatMap((name) => all.find((pair) => isNamed(pair, name)) ?? []) : [],
  };
}

function treeSets({ trees }: DeltaOptions): NotedSet[] {
  return UPDATES.map(([from, to]) => {
    const { name, pairs, similar, unpaired } = treePairs(trees, from, to);
    const rest = `${unpaired.files} new files of ${unpaired.bytes.toLocaleString('en-US')} bytes are like no old one`;
    return { name, pairs, note: `${similar} of them paired by what is in them; ${rest}` };
  });
}

function filePair([from, to]: readonly [string, string]): BenchPair {
  const file = (path: string) => {
    const bytes = readFileSync(path);
    return { path, size: bytes.length, digest: hashContent(bytes) };
  };
  const own = classOf(readFileSync(to).subarray(0, 4));
  return { name: basename(to), from: file(from), to: file(to), class: own, kind: kindOf(to, own) };
}

/** A pair is named by its path or by the last part of it. */
function isNamed({ name }: BenchPair, wanted: string): boolean {
  return name === wanted || basename(name) === wanted;
}
