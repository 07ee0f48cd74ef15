/** Feeds hostile bytes to all parsers and decoders. Ends with 1 where one of them breaks a promise. */
import { parseArgs } from 'node:util';
import { fuzzTargets } from './fuzz-targets.ts';
import { makeSeeds } from './make-seeds.ts';
import { isTargetName, TARGET_NAMES } from './targets.ts';

const USAGE = `usage: pnpm fuzz [TARGET...] [options]
  TARGET           of ${TARGET_NAMES.join(', ')} (default all)
  --executions N   mutants for each target (default 100000), after the seeds and each of their small changes
  --seconds S      at most so long for each target (default 3600)
  --seed N         of the random numbers (default 1): the same seed and executions give the same cases
  --keep           keeps cases as seeds that reach what the others do not
  --make-seeds     makes the seeds again with the encoders, instead of fuzzing
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let request: ReturnType<typeof parseRequest>;
  try {
    request = parseRequest(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    return 2;
  }
  const { help, seeds, targets, ...limits } = request;
  if (help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (!seeds) return fuzzTargets(targets, limits);
  await makeSeeds(targets);
  return 0;
}

/** @throws TypeError, RangeError where the arguments make no sense */
function parseRequest(args: string[]) {
  const { values, positionals } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    allowPositionals: true,
    options: {
      executions: { type: 'string', default: '100000' },
      seconds: { type: 'string', default: '3600' },
      seed: { type: 'string', default: '1' },
      keep: { type: 'boolean', default: false },
      'make-seeds': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const unknown = positionals.find((name) => !isTargetName(name));
  if (unknown !== undefined) throw new RangeError(`there is no target ${unknown}`);
  const numberOf = (name: 'executions' | 'seconds' | 'seed'): number => {
    const number = Number(values[name]);
    if (!Number.isSafeInteger(number)) throw new RangeError(`--${name} ${values[name]} is no whole number`);
    return number;
  };
  return {
    help: values.help,
    seeds: values['make-seeds'],
    targets: positionals.length === 0 ? TARGET_NAMES : positionals.filter(isTargetName),
    executions: numberOf('executions'),
    seconds: numberOf('seconds'),
    seed: numberOf('seed'),
    keep: values.keep,
  };
}
