import type { Command } from 'commander';
import { changeRepository } from '../../ceremony/change-repository.ts';
import { namedKey } from '../../ceremony/named-key.ts';
import { revokeKey } from '../../metadata/change-keys.ts';
import type { CliIo } from '../cli-io.ts';
import { absolutePath } from '../options/parse-options.ts';
import { formatRows } from '../show/format-rows.ts';
import { changeFields, changeRows } from '../show/show-change.ts';
import { addChangeOptions, type ChangeFlags, changeOptions, printResult } from './change-command.ts';

export function registerKeysRevoke(keys: Command, io: CliIo): void {
  const command = keys
    .command('revoke')
    .summary('take a key out of every role, without another in its place')
    .description(
      'Revoke a key that is lost or stolen. The threshold of its role stays; where too few keys would be left, rotate instead.\n' +
        "With too few keys at hand, the change waits in REPO.prepared for signatures: see 'swupd-server release --help'.",
    )
    .argument('<REPO>', 'folder of the repository')
    .argument('<KEYID>', 'id of the key, 8 digits of it at least, or its .pub file')
    .addHelpText('after', '\nExample:\n  swupd-server keys revoke /srv/os 4c1e88f0');
  addChangeOptions(command).action((repo: string, key: string, flags: ChangeFlags) => {
    const repository = absolutePath(io, repo);
    const outcome = changeRepository(changeOptions(repository, flags, io), (base) =>
      revokeKey(
        base,
        namedKey(key, (path) => absolutePath(io, path)),
      ),
    );
    printResult(io, flags.json, {
      object: { type: 'keys-revoke', ...changeFields(outcome) },
      text: formatRows(changeRows(outcome, repository)),
    });
  });
}
