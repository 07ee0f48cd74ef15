import type { Command } from 'commander';
import type { KeyRingOptions } from '../../keys/key-ring.ts';
import { parseSignerOption } from '../../keys/signer.ts';
import type { CliIo } from '../cli-io.ts';
import { absolutePath, collect } from './parse-options.ts';

export interface KeyFlags {
  readonly keys?: string;
  readonly signer?: readonly string[];
}

/** Adds `--keys` and `--signer` to a command that signs for the repository REPO. */
export function addKeyOptions(command: Command): Command {
  return command
    .option('--keys <DIR>', 'folder with the secret keys (default: REPO.keys)')
    .option(
      '--signer <[ROLE=]COMMAND>',
      'a key behind a command: it gets the bytes to sign on stdin, gives the signature, and SWUPD_SIGN_ROLE says for which role (repeatable)',
      collect,
    );
}

/** Where the keys for `repository` are. */
export function keyOptions(repository: string, { keys, signer = [] }: KeyFlags, io: CliIo): KeyRingOptions {
  return {
    folder: keys === undefined ? `${repository}.keys` : absolutePath(io, keys),
    signers: signer.map(parseSignerOption),
    env: io.env,
  };
}
