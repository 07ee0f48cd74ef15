/**
 * Feeds hostile bytes to the decoders: `pnpm fuzz`, or names of targets. Ends with 1 where one of them breaks a promise.
 *   --executions N   mutants for each target (default 100000), after the seeds and each of their small changes
 *   --seconds S      at most so long for each target (default 3600)
 *   --seed N         of the random numbers (default 1): the same seed and executions give the same cases
 *   --keep           keeps cases as seeds that reach what the others do not
 *   --make-seeds     makes the seeds again with the encoders, instead of fuzzing
 */
import { parseArgs } from 'node:util';
import { fuzzTargets } from './fuzz-targets.ts';
import { makeSeeds } from './make-seeds.ts';
import { isTargetName, TARGET_NAMES } from './targets.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    allowPositionals: true,
    options: {
      executions: { type: 'string', default: '100000' },
      seconds: { type: 'string', default: '3600' },
      seed: { type: 'string', default: '1' },
      keep: { type: 'boolean', default: false },
      'make-seeds': { type: 'boolean', default: false },
    },
  });
  const targets = positionals.length === 0 ? TARGET_NAMES : positionals.filter(isTargetName);
  const numbers = [values.executions, values.seconds, values.seed].map(Number);
  const [executions = 0, seconds = 0, seed = 0] = numbers;
  if (targets.length < positionals.length || numbers.some((number) => !Number.isSafeInteger(number))) {
    process.stderr.write(
      `usage: pnpm fuzz [${TARGET_NAMES.join(' | ')}]... [--executions N] [--seconds S] [--seed N] [--keep]\n`,
    );
    return 2;
  }
  if (values['make-seeds']) {
    await makeSeeds(targets);
    return 0;
  }
  return fuzzTargets(targets, { executions, seconds, seed, keep: values.keep });
}
