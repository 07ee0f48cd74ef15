import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What of the benchmark is to run. */
export type Part = 'trees' | 'foreign' | 'times' | 'wire';

export const PARTS: readonly Part[] = ['trees', 'foreign', 'times', 'wire'];

export interface DeltaOptions {
  /** Folder with the builds 10, 20 and 30, each with a folder for each bundle. */
  readonly trees: string;
  /** Folder for caches, foreign programs and what is made on the way. */
  readonly work: string;
  readonly parts: ReadonlySet<Part>;
  /** Names of pairs, or undefined for all: the path in the bundle or its last part. */
  readonly pairs: readonly string[] | undefined;
  /** Names of the pairs that are timed. */
  readonly timed: readonly string[];
  /** Two files that are the only pair. */
  readonly files: readonly [string, string] | undefined;
  readonly jobs: number;
  readonly json: string | undefined;
  readonly markdown: string | undefined;
  readonly svg: string | undefined;
  /** Whether the figures and the plot of the page on deltas are made anew. */
  readonly docs: boolean;
}

export const USAGE = `usage: pnpm bench delta [OLD NEW] [options]
  OLD NEW              two files instead of the trees
  --trees DIR          builds 10, 20 and 30, one folder a bundle in each (default .cache/trees)
  --work DIR           caches, foreign programs, temporary files (default .cache/bench-delta)
  --parts PART,…       of ${PARTS.join(', ')} (default all)
  --pairs NAME,…       only files of these names or paths in a bundle, or these foreign programs
  --timed NAME,…       files whose time and memory are measured (default node,biome,esbuild)
  --jobs N             encoders at a time where no time is measured (default: one for each processor)
  --json FILE          the result as data
  --markdown FILE      the tables
  --svg FILE           the plot of size against time
  --docs               renew the figures in docs/deltas.md and its plot
`;

const BIG = ['node', 'biome', 'esbuild'];

/** @throws TypeError, RangeError where the arguments make no sense */
export function parseDeltaOptions(args: readonly string[], cache: string): DeltaOptions {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      trees: text,
      work: text,
      parts: text,
      pairs: text,
      timed: text,
      jobs: text,
      json: text,
      markdown: text,
      svg: text,
      docs: { type: 'boolean' },
    },
  });
  const parts = listOf(values.parts) ?? PARTS;
  const unknown = parts.find((part) => !PARTS.some((known) => known === part));
  if (unknown !== undefined) throw new RangeError(`there is no part ${unknown}`);
  const jobs = Number(values.jobs ?? availableParallelism());
  if (!Number.isInteger(jobs) || jobs < 1) throw new RangeError('--jobs takes a count from 1 on');
  const [from, to, ...others] = positionals;
  if (others.length > 0 || (from === undefined) !== (to === undefined))
    throw new RangeError('name two files or none');
  return {
    trees: resolve(values.trees ?? `${cache}/trees`),
    work: resolve(values.work ?? `${cache}/bench-delta`),
    parts: new Set(PARTS.filter((part) => parts.includes(part))),
    pairs: listOf(values.pairs),
    timed: listOf(values.timed) ?? BIG,
    files: from === undefined || to === undefined ? undefined : [resolve(from), resolve(to)],
    jobs,
    json: values.json,
    markdown: values.markdown,
    svg: values.svg,
    docs: values.docs ?? false,
  };
}

function listOf(value: string | undefined): string[] | undefined {
  return value?.split(',').filter((item) => item !== '');
}
