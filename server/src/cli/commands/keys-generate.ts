import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { asBuildError } from '../../build-error.ts';
import { readKeyFile, writeKeyPair } from '../../keys/key-file.ts';
import { parseKeyRole } from '../../metadata/key-roles.ts';
import type { CliIo } from '../cli-io.ts';
import { absolutePath } from '../options/parse-options.ts';
import { formatRows } from '../show/format-rows.ts';
import { printResult } from './change-command.ts';

interface GenerateFlags {
  readonly role: string;
  readonly json?: boolean;
}

export function registerKeysGenerate(keys: Command, io: CliIo): void {
  keys
    .command('generate')
    .summary('make a key pair; no repository is needed')
    .description(
      'Make an Ed25519 key for a role: the secret in FILE.key, for its owner only, and the public key in FILE.pub.\n' +
        'Nothing is written over. The secret stays where it is; the public file travels.',
    )
    .argument('<FILE>', 'path of the files, with or without .key')
    .requiredOption('--role <ROLE>', 'root, release, build, snapshot or timestamp')
    .option('-j, --json', 'print the result as one JSON object')
    .addHelpText('after', '\nExample:\n  swupd-server keys generate ~/keys/root-1 --role root')
    .action((file: string, flags: GenerateFlags) => {
      const path = absolutePath(io, file).replace(/\.key$/, '');
      const role = parseKeyRole(flags.role);
      try {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        writeKeyPair(path, role, io.randomBytes(32));
      } catch (error) {
        throw asBuildError(error);
      }
      const { keyId } = readKeyFile(`${path}.key`);
      const made = { role, keyId, secret: `${path}.key`, public: `${path}.pub` };
      printResult(io, flags.json, {
        object: { type: 'key', ...made },
        text: formatRows([
          ['role', role],
          ['key id', keyId],
          ['secret', made.secret],
          ['public', made.public],
        ]),
      });
    });
}
