/**
 * Tries the claims about the client again: `pnpm prove`, or names of proofs. Ends with 1 where one does not hold.
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
  const request = parseRequest(args);
  if (request === undefined || request.names.some((name) => !proofs.some((proof) => proof.name === name))) {
    process.stderr.write(usage(proofs));
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
  return reports.every(({ broken }) => broken.length === 0) ? 0 : 1;
}

interface Request {
  readonly names: readonly string[];
  readonly count: number | undefined;
  readonly seed: number;
  readonly json: string | undefined;
  readonly help: boolean;
}

function parseRequest(args: string[]): Request | undefined {
  try {
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
    const count = values.count === undefined ? undefined : Number(values.count);
    const seed = values.seed === undefined ? Date.now() % 2 ** 32 : Number(values.seed);
    if ((count !== undefined && !(Number.isSafeInteger(count) && count > 0)) || !Number.isSafeInteger(seed))
      return undefined;
    return { names: positionals, count, seed, json: values.json, help: values.help || values.list };
  } catch {
    return undefined;
  }
}

function usage(proofs: readonly Proof[]): string {
  const width = Math.max(...proofs.map(({ name }) => name.length));
  const lines = proofs.map(
    ({ name, summary, count }) => `  ${name.padEnd(width)}  ${summary} (default ${count})\n`,
  );
  return `usage: pnpm prove [NAME...] [--count N] [--seed N] [--json FILE]\n${lines.join('')}`;
}
