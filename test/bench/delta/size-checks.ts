import type { FileClass } from './bench-pair.ts';
import type { Check } from './check.ts';
import type { PairFigures } from './pair-figures.ts';
import { ORIGINAL_DELTAS } from './peer-figures.ts';
import { type Sum, sumOf } from './sums.ts';

/** Which of our bytes are compared with which of others'; marks are those of the project's goal for deltas. */
const CLASS_CHECKS: readonly {
  readonly class: FileClass;
  readonly against: string;
  readonly bar: number;
  readonly goal: number;
  other(sum: Sum): number;
}[] = [
  { class: 'ELF', against: 'bsdiff', bar: 0.58, goal: 0.45, other: ({ bytes }) => bytes.bsdiff },
  { class: 'ELF', against: 'xdelta3', bar: 0.3, goal: 0.22, other: ({ bytes }) => bytes.xdelta3 },
  {
    class: 'gzip',
    against: 'the best peer of each',
    bar: 0.3,
    goal: 0.12,
    other: ({ bestPeer }) => bestPeer,
  },
  { class: 'other', against: 'the best peer of each', bar: 1, goal: 0.9, other: ({ bestPeer }) => bestPeer },
];

const SHARES: readonly { readonly path: string; readonly bar: number; readonly goal: number }[] = [
  { path: 'usr/lib/esbuild/bin/esbuild', bar: 0.95, goal: 0.75 },
  { path: 'usr/lib/biome/biome', bar: 4.6, goal: 4.0 },
  { path: 'usr/bin/node', bar: 1.85, goal: 1.5 },
];

/** The ratios of a set of pairs, for the classes that it has. */
export function classChecks(set: string, figures: readonly PairFigures[]): Check[] {
  return CLASS_CHECKS.flatMap((check) => {
    const sum = sumOf(figures.filter(({ pair }) => pair.class === check.class));
    if (sum.files === 0) return [];
    const figure = `${set}: ${check.class} against ${check.against}`;
    const measured = sum.bytes.ours / check.other(sum);
    return [{ figure, measured, unit: 'ratio', bar: check.bar, goal: check.goal }];
  });
}

/** What is asked of single programs of the update from build 10 to 20, and of seven of its files together. */
export function fileChecks(figures: readonly PairFigures[]): Check[] {
  const byPath = new Map(figures.map((figure) => [figure.pair.name, figure]));
  const shares = SHARES.flatMap(({ path, bar, goal }): Check[] => {
    const found = byPath.get(path);
    if (found === undefined) return [];
    const measured = (100 * found.bytes.ours) / found.pair.to.size;
    return [{ figure: `share of ${path}`, measured, unit: '%', bar, goal }];
  });
  return [...originalCheck(byPath), ...shares];
}

function originalCheck(byPath: ReadonlyMap<string, PairFigures>): Check[] {
  const ours = ORIGINAL_DELTAS.map(({ path }) => byPath.get(path)?.bytes.ours);
  if (ours.includes(undefined)) return [];
  const measured = total(ours.map((bytes) => bytes ?? 0)) / total(ORIGINAL_DELTAS.map(({ bytes }) => bytes));
  const figure = `${ORIGINAL_DELTAS.length} files against the original's bsdiff`;
  return [{ figure, measured, unit: 'ratio', bar: 0.82, goal: 0.65 }];
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
