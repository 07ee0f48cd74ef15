/** Benchmarks on real trees. */
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BENCHMARKS } from './benchmarks.ts';
import { deltaCommand } from './delta/command.ts';
import { formatRows, passes, type Row } from './row.ts';
import { findTrees } from './trees.ts';
import { measureTrust } from './trust/measure-trust.ts';
import { Workshop } from './workshop.ts';

const CACHE = fileURLToPath(new URL('../../.cache', import.meta.url));

const USAGE = `usage: pnpm bench all | NAME… [options]
  NAME                 of ${Object.keys(BENCHMARKS).join(', ')}
  --trees DIR          builds 10 and 20, one folder a bundle in each (default .cache/trees)
  --make-trees SCRIPT  makes them there if they are missing: SCRIPT DIR
  --work DIR           repository and roots (default .cache/bench)
pnpm bench trust measures what trust costs, with 50 builds offered; it needs no trees
pnpm bench delta compares deltas with other programs' and has options of its own: pnpm bench delta --help
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  if (args[0] === 'delta') return deltaCommand(args.slice(1), CACHE);
  if (args[0] === 'trust') return trustBench(args.slice(1));
  let request: Request;
  try {
    request = parseRequest(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    return 2;
  }
  if (request.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  let trees: string;
  try {
    trees = findTrees(request);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return 2;
  }
  const workshop = new Workshop(request.work, trees, (text) => process.stderr.write(text));
  return run(workshop, request.names);
}

async function trustBench(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    process.stderr.write(USAGE);
    return 2;
  }
  const rows = await measureTrust();
  process.stdout.write(`\n${machine()}\npnpm bench trust\n\n${formatRows(rows)}`);
  return rows.every(passes) ? 0 : 1;
}

interface Request {
  readonly help: boolean;
  readonly names: readonly string[];
  readonly trees: string;
  /** Makes the trees where they are missing. */
  readonly script: string | undefined;
  readonly work: string;
}

/** @throws TypeError, RangeError where the arguments make no sense */
function parseRequest(args: string[]): Request {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      trees: text,
      'make-trees': text,
      work: text,
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const names = positionals.includes('all') ? Object.keys(BENCHMARKS) : positionals;
  const unknown = names.find((name) => !Object.hasOwn(BENCHMARKS, name));
  if (unknown !== undefined) throw new RangeError(`there is no benchmark ${unknown}`);
  if (names.length === 0 && !values.help) throw new RangeError('no benchmark is named');
  return {
    help: values.help,
    names,
    trees: values.trees ?? join(CACHE, 'trees'),
    script: values['make-trees'],
    work: values.work ?? join(CACHE, 'bench'),
  };
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
