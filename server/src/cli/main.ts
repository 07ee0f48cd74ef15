import { randomBytes } from 'node:crypto';
import { availableParallelism, totalmem } from 'node:os';
import { Command } from 'commander';
import type { CliIo } from './cli-io.ts';
import { registerBuild } from './commands/build-command.ts';
import { registerChannel } from './commands/channel-command.ts';
import { registerInit } from './commands/init-command.ts';
import { registerInspect } from './commands/inspect-command.ts';
import { registerKeys } from './commands/keys-command.ts';
import { registerRelease } from './commands/release-command.ts';
import { registerServe } from './commands/serve-command.ts';
import { registerTimestamp } from './commands/timestamp-command.ts';
import { reportError } from './report-error.ts';

const SHOW_CURSOR = '\u001b[?25h';

/** The one place that knows the process; everything below gets it passed in. */
const io: CliIo = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: () => process.cwd(),
  now: () => Date.now(),
  pid: process.pid,
  randomBytes,
  processors: availableParallelism(),
  peakMemory: () => process.resourceUsage().maxRSS * 1024,
  memory: Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY),
};

function createProgram(): Command {
  const program = new Command('swupd-server')
    .description('Builds, signs and serves software updates for Linux devices.')
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .showHelpAfterError("(see 'swupd-server --help', or 'swupd-server COMMAND --help')")
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .addHelpText(
      'after',
      '\nExample:\n  swupd-server init /srv/os\n  swupd-server build /srv/os --image out/image --version 10\n' +
        '  swupd-server serve /srv/os --port 8080\n\nExit codes: 0 done, 1 bad input or failed, 2 usage, 9 another command works on the repository',
    );
  registerInit(program, io);
  registerBuild(program, io);
  registerTimestamp(program, io);
  registerServe(program, io);
  registerKeys(program, io);
  registerRelease(program, io);
  registerChannel(program, io);
  registerInspect(program, io);
  inherit(program, program);
  return program;
}

/** Every command, and every command of a command, ends and writes as the program does. */
function inherit(command: Command, program: Command): void {
  command.exitOverride().copyInheritedSettings(program);
  for (const child of command.commands) inherit(child, program);
}

/** A progress bar hides the cursor; a build that is interrupted must not leave it so. */
function showCursorOnInterrupt(): void {
  process.once('SIGINT', () => {
    process.stderr.write(SHOW_CURSOR);
    process.exit(130);
  });
}

async function main(args: readonly string[]): Promise<number> {
  // `serve` has a handler of its own.
  if (args[0] === 'build' && process.stderr.isTTY) showCursorOnInterrupt();
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (process.stderr.isTTY) process.stderr.write(SHOW_CURSOR);
    return reportError(error, io, args.includes('--json') || args.includes('-j'));
  }
}

process.exitCode = await main(process.argv.slice(2));
