import { SwupdError } from '@swupd/shared';
import { printable, printableLine } from '@swupd/shared/terminal';
import { CommanderError } from 'commander';
import { BuildError } from '../build-error.ts';
import { HttpServerError } from '../http/index.ts';
import type { CliIo } from './cli-io.ts';

const USAGE = 2;
const FAILED = 1;

/**
 * Says what went wrong, one sentence and the next step on stderr, with `json` also as an object on stdout; gives the exit
 * code. What is no error of this project is a defect and shows its stack.
 */
export function reportError(error: unknown, io: CliIo, json: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  if (!(error instanceof SwupdError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    io.stderr.write(`swupd-server: ${printable(text)}\n`);
    return FAILED;
  }
  const { code, message, hint, details } = error;
  // Formats and trust are shared with the device, whose exit codes mean nothing here.
  const exit = error instanceof BuildError || error instanceof HttpServerError ? error.exit : FAILED;
  // Names of files in an image are in messages.
  io.stderr.write(`swupd-server: ${printableLine(message)}\n`);
  if (hint !== undefined) io.stderr.write(`  ${printableLine(hint)}\n`);
  if (json) io.stdout.write(`${JSON.stringify({ type: 'error', code, message, hint, details, exit })}\n`);
  return exit;
}
