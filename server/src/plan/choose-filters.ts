import type { Digest } from '@swupd/shared';
import { type ContentSketch, similarity } from './content-sketch.ts';

/** What tells whether programs are alike, as they are and filtered; empty where that is not worth to know. */
export interface ProgramSketch {
  readonly plain: ContentSketch;
  readonly filtered: ContentSketch;
}

/** Contents that `filterX86` can filter. */
export type Programs = ReadonlyMap<Digest, ProgramSketch>;

/** A program stays as it is if filtering takes so much from what it has in common with another one. */
const MIN_LOSS = 0.1;
/** What more programs share is no sign that two belong together, and would make the search quadratic. */
const MAX_SHARING = 64;
const NOTHING: ProgramSketch = { plain: [], filtered: [] };

/**
 * Those of a pack's contents that compress better if they are filtered: all programs, except for such as are linked from the
 * same objects. Between these a call inside of an object is the same everywhere, relative as it is; made absolute it differs,
 * and the long matches are gone.
 */
export function chooseFilters(contents: readonly Digest[], programs: Programs): ReadonlySet<Digest> {
  const chosen = new Set<Digest>();
  const seen = new Map<number, Digest[]>();
  for (const digest of contents) {
    const program = programs.get(digest);
    if (program === undefined || chosen.has(digest)) continue;
    chosen.add(digest);
    for (const hash of program.plain) {
      const sharing = seen.get(hash) ?? [];
      if (sharing.length < MAX_SHARING) seen.set(hash, [...sharing, digest]);
    }
  }
  return new Set([...chosen].filter((digest) => !suffers(digest, { programs, seen })));
}

interface Neighbours {
  readonly programs: Programs;
  /** Programs by the hashes in their sketches. */
  readonly seen: ReadonlyMap<number, readonly Digest[]>;
}

function suffers(digest: Digest, { programs, seen }: Neighbours): boolean {
  const own = programs.get(digest) ?? NOTHING;
  const others = new Set(own.plain.flatMap((hash) => seen.get(hash) ?? []));
  others.delete(digest);
  return [...others].some((other) => {
    const its = programs.get(other) ?? NOTHING;
    return similarity(own.plain, its.plain) - similarity(own.filtered, its.filtered) >= MIN_LOSS;
  });
}
