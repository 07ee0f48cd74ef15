import type { Command } from 'commander';
import type { CliIo } from '../cli-io.ts';
import { registerKeysGenerate } from './keys-generate.ts';
import { registerKeysList } from './keys-list.ts';
import { registerKeysRevoke } from './keys-revoke.ts';
import { registerKeysRotate } from './keys-rotate.ts';

export function registerKeys(program: Command, io: CliIo): void {
  const keys = program
    .command('keys')
    .summary('make, list, replace and revoke signing keys')
    .description(
      'The keys of a repository: who signs what, and what happens when a key is lost, stolen or old.\n' +
        'Roles: root (names all other keys), release (offers builds on channels), build (signs what CI has built), ' +
        'snapshot and timestamp (online). docs/keys.md is a ceremony to follow.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  swupd-server keys list /srv/os\n  swupd-server keys rotate /srv/os build\n' +
        "\nOptions: see 'swupd-server keys COMMAND --help'",
    );
  registerKeysGenerate(keys, io);
  registerKeysList(keys, io);
  registerKeysRotate(keys, io);
  registerKeysRevoke(keys, io);
}
