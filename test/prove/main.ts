/**
 * Tries the claims about the client again: `pnpm prove`, or names of proofs. Ends with 1 where one does not hold, or can't be tried here.
 *   --count N    tries of each proof (each has its own default)
 *   --seed N     of the random numbers (default: the time); printed, so that a run can be repeated
 *   --json FILE  the results as JSON
 *   --list       the proofs, and what they try
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { findProofs } from './find-proofs.ts';
import type { Proof } from './proof.ts';
import { runProofs } from './run-proofs.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const proofs = await findProofs();
  let request: Request;
  try {
    request = parseRequest(args, proofs);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage(proofs)}`);
    return 2;
  }
  if (request.help) {
    process.stdout.write(usage(proofs));
    return 0;
  }
  const chosen = proofs.filter(({ name }) => request.names.length === 0 || request.names.includes(name));
  const reports = await runProofs(chosen, request, {
    out: (text) => process.stdout.write(text),
    status: (text) => process.stderr.isTTY && process.stderr.write(text),
    now: () => performance.now(),
  });
  if (request.json !== undefined) writeFileSync(request.json, `${JSON.stringify(reports, undefined, 2)}\n`);
  return reports.every(({ broken, failure }) => broken.length === 0 && failure === undefined) ? 0 : 1;
}

interface Request {
  readonly names: readonly string[];
  readonly count: number | undefined;
  readonly seed: number;
  readonly json: string | undefined;
  readonly help: boolean;
}

/** @throws TypeError, RangeError where the arguments make no sense */
function parseRequest(args: string[], proofs: readonly Proof[]): Request {
  const { values, positionals } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    allowPositionals: true,
    options: {
      count: { type: 'string' },
      seed: { type: 'string' },
      json: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.find((name) => !proofs.some((proof) => proof.name === name));
  if (unknown !== undefined) throw new RangeError(`there is no proof ${unknown}`);
  const count = values.count === undefined ? undefined : Number(values.count);
  if (count !== undefined && !(Number.isSafeInteger(count) && count > 0))
    throw new RangeError(`--count ${values.count} is no number of tries`);
  const seed = values.seed === undefined ? Date.now() % 2 ** 32 : Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new RangeError(`--seed ${values.seed} is no whole number`);
  return { names: positionals, count, seed, json: values.json, help: values.help || values.list };
}

function usage(proofs: readonly Proof[]): string {
  const width = Math.max(...proofs.map(({ name }) => name.length));
  const lines = proofs.map(
    ({ name, summary, count }) => `  ${name.padEnd(width)}  ${summary} (default ${count})\n`,
  );
  return `usage: pnpm prove [NAME...] [--count N] [--seed N] [--json FILE]\n${lines.join('')}`;
}
