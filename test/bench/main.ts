/**
 * Benchmarks on real trees: `pnpm bench all`, or names of benchmarks.
 *   --trees DIR          builds 10 and 20, one folder a bundle in each (default .cache/trees)
 *   --make-trees SCRIPT  makes them there if they are missing: SCRIPT DIR
 *   --work DIR           repository and roots (default .cache/bench)
 * `pnpm bench delta` compares deltas with others' programs, and has options of its own: `pnpm bench delta --help`.
 */
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BENCHMARKS } from './benchmarks.ts';
import { deltaCommand } from './delta/command.ts';
import { formatRows, passes, type Row } from './row.ts';
import { findTrees } from './trees.ts';
import { Workshop } from './workshop.ts';

const CACHE = fileURLToPath(new URL('../../.cache', import.meta.url));

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  if (args[0] === 'delta') return deltaCommand(args.slice(1), CACHE);
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { trees: { type: 'string' }, 'make-trees': { type: 'string' }, work: { type: 'string' } },
  });
  const names = positionals.includes('all') ? Object.keys(BENCHMARKS) : positionals;
  const unknown = names.find((name) => !Object.hasOwn(BENCHMARKS, name));
  if (names.length === 0 || unknown !== undefined) {
    process.stderr.write(
      `usage: pnpm bench all | delta | ${Object.keys(BENCHMARKS).join(' | ')} [--trees DIR]\n`,
    );
    return 2;
  }
  let trees: string;
  try {
    trees = findTrees({ trees: values.trees ?? join(CACHE, 'trees'), script: values['make-trees'] });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return 2;
  }
  const workshop = new Workshop(values.work ?? join(CACHE, 'bench'), trees, (text) =>
    process.stderr.write(text),
  );
  return run(workshop, names);
}

async function run(workshop: Workshop, names: readonly string[]): Promise<number> {
  const rows: Row[] = [];
  const failed: string[] = [];
  for (const name of names) {
    try {
      const own = (await BENCHMARKS[name]?.(workshop)) ?? [];
      process.stderr.write(formatRows(own));
      rows.push(...own);
    } catch (error) {
      failed.push(`${name}: ${error instanceof Error ? error.message : error}\n`);
    }
  }
  process.stdout.write(
    `\n${machine()}\npnpm bench ${names.join(' ')}\n\n${formatRows(rows)}${failed.join('')}`,
  );
  return rows.every(passes) && failed.length === 0 ? 0 : 1;
}

function machine(): string {
  const [{ model = 'unknown' } = {}] = cpus();
  return `${cpus().length} × ${model}, ${(totalmem() / 1e9).toFixed(0)} GB, Node ${process.version}`;
}
