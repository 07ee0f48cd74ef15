import type { Command } from 'commander';
import type { ChangeOptions } from '../../ceremony/change-repository.ts';
import { KeyRing } from '../../keys/key-ring.ts';
import type { CliIo } from '../cli-io.ts';
import { addKeyOptions, type KeyFlags, keyOptions } from '../options/key-options.ts';
import { parseCount, publicationTime } from '../options/parse-options.ts';

/** Options of all commands that change and sign metadata. */
export interface ChangeFlags extends KeyFlags {
  readonly expires: string;
  readonly json?: boolean;
}

const DAY = 86_400;

/** Adds them. */
export function addChangeOptions(command: Command): Command {
  return addKeyOptions(command)
    .option('--expires <DAYS>', 'how long devices may trust timestamp.json', '7')
    .option('-j, --json', 'print the result as one JSON object');
}

/** What they mean for the repository at the absolute path `repository`. */
export function changeOptions(repository: string, flags: ChangeFlags, io: CliIo): ChangeOptions {
  const keys = keyOptions(repository, flags, io);
  return {
    repository,
    openRing: () => KeyRing.open(keys),
    time: publicationTime(io),
    life: parseCount('--expires', flags.expires, { min: 1, max: 365 }) * DAY,
    pid: io.pid,
  };
}

/** Prints rows for people, or one object for programs. */
export function printResult(
  io: CliIo,
  json: boolean | undefined,
  result: { readonly object: Readonly<Record<string, unknown>>; readonly text: string },
): void {
  io.stdout.write(json === true ? `${JSON.stringify(result.object)}\n` : result.text);
}
