import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BenchResult, resultAsJson } from './bench-result.ts';
import { verdictOf } from './check.ts';
import { replaceSection } from './docs-section.ts';
import { type DeltaOptions, parseDeltaOptions, USAGE } from './options.ts';
import { sizeTimePlot } from './plot/size-time-plot.ts';
import { resultTables } from './result-tables.ts';
import { runDeltaBench } from './run-bench.ts';
import { markdownTable, textTable } from './table.ts';

const DOCS = fileURLToPath(new URL('../../../docs', import.meta.url));
const PLOT = 'img/delta-size-time.svg';

/** `bench delta`: measures, prints and writes what is asked for. Gives the exit code: 1 where a bar is missed, 2 for bad arguments. */
export async function deltaCommand(args: readonly string[], cache: string): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  let options: DeltaOptions;
  try {
    options = parseDeltaOptions(args, cache);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    return 2;
  }
  const result = await runDeltaBench(options, ['pnpm bench delta', ...args].join(' '));
  const { machine, command } = result;
  process.stdout.write(`${[`${machine}\n${command}\n`, ...resultTables(result).map(textTable)].join('\n')}`);
  for (const failure of result.failures) process.stderr.write(`${failure}\n`);
  writeResult(result, options);
  return result.failures.length > 0 || result.checks.some((check) => verdictOf(check) === 'FAIL') ? 1 : 0;
}

function writeResult(result: BenchResult, { json, markdown, svg, docs }: DeltaOptions): void {
  if (json !== undefined) write(json, resultAsJson(result));
  if (markdown !== undefined) write(markdown, markdownOf(result));
  if (svg !== undefined) write(svg, plotOf(result));
  if (!docs) return;
  const page = join(DOCS, 'deltas.md');
  write(page, replaceSection(readFileSync(page, 'utf8'), 'figures', markdownOf(result)));
  if (result.times !== undefined) write(join(DOCS, PLOT), plotOf(result));
}

function markdownOf(result: BenchResult): string {
  const { machine, command } = result;
  return [`\`${withoutPaths(command)}\` on ${machine}.\n`, ...resultTables(result).map(markdownTable)].join(
    '\n',
  );
}

/** Folders of the machine that measured are of no use to a reader. */
function withoutPaths(command: string): string {
  return command.replace(/(\s)(\/\S+)/g, (_, space: string, path: string) => `${space}…/${basename(path)}`);
}

function plotOf({ times }: BenchResult): string {
  if (times === undefined) throw new Error('a plot needs the part times');
  return sizeTimePlot(times.timed);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
