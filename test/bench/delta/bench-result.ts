import type { BenchPair } from './bench-pair.ts';
import type { Check } from './check.ts';
import type { PairFigures } from './pair-figures.ts';
import type { Times } from './time-checks.ts';

/** A set of pairs with what was measured of each. */
export interface SetFigures {
  readonly name: string;
  readonly figures: readonly PairFigures[];
  /** What is to be said of the set besides. */
  readonly note: string | undefined;
}

/** All that one run has found. */
export interface BenchResult {
  /** What it ran on, and the peers' versions. */
  readonly machine: string;
  readonly command: string;
  readonly sets: readonly SetFigures[];
  readonly times: Times | undefined;
  readonly checks: readonly Check[];
  /** Parts that broke off, and why. */
  readonly failures: readonly string[];
}

/** The result as data, without the paths of this machine. */
export function resultAsJson({ machine, command, sets, times, checks, failures }: BenchResult): string {
  const result = {
    machine,
    command,
    failures,
    checks,
    sets: sets.map(({ name, note, figures }) => ({
      name,
      note,
      pairs: figures.map(({ pair, ...measured }) => ({ ...bare(pair), ...measured })),
    })),
    times: times && {
      bareMemory: times.bare,
      timed: times.timed.map(({ pair, ...costs }) => ({ ...bare(pair), ...costs })),
    },
  };
  return `${JSON.stringify(result, null, 1)}\n`;
}

function bare({ name, class: own, kind, from, to }: BenchPair) {
  return { name, class: own, kind, from: from.digest, to: to.digest, size: to.size };
}
