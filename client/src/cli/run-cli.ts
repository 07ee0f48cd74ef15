import type { CliIo } from './cli-io.ts';
import { CommanderError, explainError, explainUsage } from './explain-error.ts';
import { globalOptionsOf } from './global-options.ts';
import { jsonReport } from './json-report.ts';
import { createProgram } from './program.ts';
import { runCommand } from './run-command.ts';
import { textReport } from './text-report.ts';

const USAGE = 15;

/** Runs the command that `args` say. @returns the exit code; never throws */
export async function runCli(args: readonly string[], io: CliIo): Promise<number> {
  let exit = 0;
  const program = createProgram(io, async (command, action) => {
    const options = globalOptionsOf(command, io.cwd());
    exit = await runCommand(io, { section: command.name(), options, action });
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exit;
  } catch (error) {
    const names = program.commands.map((command) => command.name());
    return reportUsage(error, { args, io, command: args.find((arg) => names.includes(arg)) });
  }
}

interface Usage {
  readonly args: readonly string[];
  readonly io: CliIo;
  readonly command: string | undefined;
}

/** What is wrong with the command line itself; no command has begun. */
function reportUsage(error: unknown, { args, io, command }: Usage): number {
  const explained =
    error instanceof CommanderError ? explainUsage(error, command) : explainError(error, io.signal);
  // Help where none was asked for stands in for a command.
  if (explained === undefined) return (error as CommanderError).exitCode === 0 ? 0 : USAGE;
  const report = args.some(isJsonFlag)
    ? jsonReport(io, command ?? 'swupd')
    : textReport(io, { quiet: false, verbose: false, debug: args.includes('--debug'), progress: false });
  report.error(explained);
  report.end(explained.exit);
  return explained.exit;
}

/** The options are not parsed where this is asked. */
function isJsonFlag(arg: string): boolean {
  return arg === '--json-output' || /^-[qyt]*j[qyt]*$/.test(arg);
}
