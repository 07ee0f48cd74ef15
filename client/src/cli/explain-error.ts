import { SwupdError } from '@swupd/shared';
import { CommanderError } from 'commander';
import { DeviceError } from '../device-error.ts';
import { errnoOf } from '../disk/errno.ts';
import { CliError } from './cli-error.ts';
import { usageError } from './usage-error.ts';

/** Whatever a command has thrown, as an error with a code and a hint. `signal` is the one that stops commands. */
export function explainError(error: unknown, signal: AbortSignal): SwupdError {
  if (signal.reason instanceof CliError) return signal.reason;
  if (error instanceof SwupdError) return error;
  return systemError(error) ?? unexpected(error);
}

/** What the parser of the command line has to say; undefined where it has printed help or the version. */
export function explainUsage(error: CommanderError, command: string | undefined): DeviceError | undefined {
  if (error.exitCode === 0 || error.code === 'commander.help') return undefined;
  const message = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  return usageError(message, `See 'swupd ${command === undefined ? '' : `${command} `}--help'.`);
}

export { CommanderError };

function systemError(error: unknown): DeviceError | undefined {
  if (!(error instanceof Error)) return undefined;
  switch (errnoOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new DeviceError('no-space', `there is no space left: ${error.message}`, {
        cause: error,
        hint: "Free some space and run the command again ('swupd clean' empties the cache).",
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new DeviceError('not-permitted', `the system does not permit it: ${error.message}`, {
        cause: error,
        hint: 'Run the command as root, on a file system that can be written and files that are not immutable.',
      });
    default:
      return undefined;
  }
}

function unexpected(error: unknown): CliError {
  const message = error instanceof Error ? error.message : String(error);
  return new CliError('unexpected', `unexpected: ${message}`, {
    cause: error,
    hint: 'Run the command again with --debug, and report what it prints.',
  });
}
