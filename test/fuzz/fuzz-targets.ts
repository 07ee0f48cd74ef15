import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FuzzCase, formatCase, type NamedCase } from './fuzz-case.ts';
import type { FoundFault, FuzzResult } from './fuzz-result.ts';
import { readSeeds, writeSeeds } from './seed-files.ts';
import type { TargetName } from './targets.ts';
import { watchTarget } from './watch-target.ts';

export interface FuzzTargetsOptions {
  /** Mutants for each target. */
  readonly executions: number;
  readonly seconds: number;
  readonly seed: number;
  /** Whether cases that reach what no seed does become seeds. */
  readonly keep: boolean;
}

const FINDINGS = fileURLToPath(new URL('../../.cache/fuzz', import.meta.url));
/** What is kept as seeds: bytes of payload and source, and cases. More would be the most of the repository. */
const KEEP = { payload: 256, source: 1024, cases: 64 } as const;

/** Fuzzes one target after the other; gives the exit code. Writes a line for each, and each finding to a file. */
export async function fuzzTargets(
  names: readonly TargetName[],
  options: FuzzTargetsOptions,
): Promise<number> {
  process.stdout.write(`${HEAD}\n`);
  const results: FuzzResult[] = [];
  for (const target of names) {
    const { executions, seconds, seed, keep } = options;
    const result = await watchTarget(
      { target, executions, seconds, seed },
      { onProgress: (done) => showProgress(target, done) },
    );
    showProgress();
    results.push(result);
    process.stdout.write(`${formatResult(result)}\n`);
    for (const finding of result.findings) report(target, finding, options.seed);
    if (keep && result.findings.length === 0) keepSeeds(target, result.corpus);
  }
  const total = results.reduce((sum, { executions }) => sum + executions, 0);
  const found = results.reduce((sum, { findings }) => sum + findings.length, 0);
  process.stdout.write(
    `\n${total} executions, ${found} findings, seed ${options.seed}, Node ${process.version}\n`,
  );
  return found === 0 ? 0 : 1;
}

const HEAD =
  'target        executions        /s  branches     of  corpus  small changes: refused   exact   other  findings';

function formatResult({ target, executions, seconds, edges, corpus, small, findings }: FuzzResult): string {
  const columns: [number, number][] = [
    [executions, 12],
    [Math.round(executions / Math.max(seconds, 0.001)), 10],
    [edges.seen, 10],
    [edges.all, 7],
    [corpus.length, 8],
    [small.refused, 24],
    [small.exact, 8],
    [small.other, 8],
    [findings.length, 10],
  ];
  return target.padEnd(12) + columns.map(([value, width]) => `${value}`.padStart(width)).join('');
}

function showProgress(target?: TargetName, executions = 0): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(target === undefined ? '\r\x1b[K' : `\r${target}: ${executions}`);
}

function report(target: TargetName, { key, text, input }: FoundFault, seed: number): void {
  const name = `${target}-${createHash('sha256').update(key).digest('hex').slice(0, 8)}`;
  mkdirSync(FINDINGS, { recursive: true });
  const path = join(FINDINGS, `${name}.txt`);
  writeFileSync(path, `${text.replace(/^/gm, '# ')}\n# seed ${seed}\n${formatCase({ ...input, name })}`);
  process.stdout.write(`\n${text}\n  ${path}\n\n`);
}

function keepSeeds(target: TargetName, corpus: readonly FuzzCase[]): void {
  const known = new Set(readSeeds(target).made.map(contentOf));
  const found = corpus
    .filter(({ payload, source }) => payload.length <= KEEP.payload && source.length <= KEEP.source)
    .filter((input) => !known.has(contentOf(input)))
    .slice(0, KEEP.cases)
    .map((input): NamedCase => ({ ...input, name: nameOf(input) }));
  writeSeeds(target, 'found', found);
}

function nameOf(input: FuzzCase): string {
  return createHash('sha256').update(contentOf(input)).digest('hex').slice(0, 12);
}

function contentOf(input: FuzzCase): string {
  return formatCase({ ...input, name: '' });
}
