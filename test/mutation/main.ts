/** Mutation testing: small changes of the sources that the tests have to notice. */
import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findMutants } from './find-mutants.ts';
import { plainText } from './fresh-modules.ts';
import type { PlacedMutant } from './messages.ts';
import { formatReport, isGood } from './report.ts';
import { measureTests, runMutants } from './run-mutants.ts';

const WORKSPACE = fileURLToPath(new URL('../../', import.meta.url));
const SOURCES = ['manifests/src/trust/**/*.ts'];
const TESTS = ['manifests/src/trust/**/*.test.ts', 'test/tuf/{cases,further}/*.test.ts'];

const USAGE = `usage: pnpm mutate [options]
  --files GLOB   sources to change, may be repeated (default ${SOURCES.join(' ')})
  --tests GLOB   tests that have to notice, may be repeated (default ${TESTS.join(' ')})
  --jobs N       processes at a time (default 2)
  --list         only list the mutants
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
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
  const mutants = request.files.flatMap(mutantsOf);
  if (request.list) {
    process.stdout.write(mutants.map((mutant) => `${titleOf(mutant)}\n`).join(''));
    return 0;
  }
  const started = performance.now();
  process.stderr.write(`${mutants.length} mutants in ${request.files.length} files\n`);
  const measured = await measureTests(request.tests, mutants);
  const tests = measured.reduce((sum, one) => sum + one.tests.length, 0);
  process.stderr.write(`${tests} tests in ${measured.length} files pass without a mutant\n`);
  const tried = await runMutants({
    mutants,
    measured,
    jobs: request.jobs,
    onTried({ mutant, verdict }, done) {
      if (verdict === 'survived' || verdict === 'unreached')
        process.stderr.write(`${verdict} ${titleOf(mutant)}\n`);
      if (done % 100 === 0) process.stderr.write(`${done} of ${mutants.length}\n`);
    },
  });
  const seconds = (performance.now() - started) / 1000;
  const explained = readFileSync(new URL('survivors.md', import.meta.url), 'utf8');
  const nameOf = (file: string): string => relative(WORKSPACE, file);
  process.stdout.write(formatReport(tried, { nameOf, tests, seconds, explained }));
  return isGood(tried) ? 0 : 1;
}

interface Request {
  readonly files: readonly string[];
  readonly tests: readonly string[];
  readonly jobs: number;
  readonly list: boolean;
  readonly help: boolean;
}

/** @throws TypeError, RangeError where the arguments make no sense */
function parseRequest(args: string[]): Request {
  const many = { type: 'string', multiple: true } as const;
  const { values } = parseArgs({
    args,
    options: {
      files: many,
      tests: many,
      jobs: { type: 'string', default: '2' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (!/^[1-9][0-9]?$/.test(values.jobs)) throw new RangeError(`--jobs takes a number, not '${values.jobs}'`);
  const files = filesOf(values.files ?? SOURCES).filter((path) => !/\.test\.ts$|\/test-[^/]*$/.test(path));
  const tests = filesOf(values.tests ?? TESTS);
  if (files.length === 0 || tests.length === 0) throw new RangeError('no file has such a name');
  return { files, tests, jobs: Number(values.jobs), list: values.list, help: values.help };
}

function filesOf(patterns: readonly string[]): string[] {
  return globSync(patterns, { cwd: WORKSPACE })
    .map((path) => join(WORKSPACE, path))
    .sort();
}

function mutantsOf(file: string): PlacedMutant[] {
  return findMutants(plainText(file)).map((mutant) => ({ ...mutant, file }));
}

function titleOf({ file, line, what }: PlacedMutant): string {
  return `${relative(WORKSPACE, file)}:${line} ${what}`;
}
