import type { Command } from 'commander';
import { changeRepository } from '../../ceremony/change-repository.ts';
import { renewRoles } from '../../metadata/renew-roles.ts';
import { rolesOf } from '../../metadata/working-policy.ts';
import type { CliIo } from '../cli-io.ts';
import { absolutePath } from '../options/parse-options.ts';
import { formatRows } from '../show/format-rows.ts';
import { changeFields, changeRows } from '../show/show-change.ts';
import { addChangeOptions, type ChangeFlags, changeOptions, printResult } from './change-command.ts';

export function registerReleaseRenew(release: Command, io: CliIo): void {
  const command = release
    .command('renew')
    .summary('sign the same for longer, before it expires')
    .description(
      'Give new versions with a new expiry to root, targets or channels, and say the same in them. Without ROLE: to all of ' +
        "whose life half is over. Timestamp and snapshot are renewed by 'swupd-server timestamp'.",
    )
    .argument('<REPO>', 'folder of the repository')
    .argument('[ROLE...]', 'root, targets, or channels')
    .addHelpText('after', '\nExample:\n  swupd-server release renew /srv/os root');
  addChangeOptions(command).action((repo: string, roles: readonly string[], flags: ChangeFlags) => {
    const repository = absolutePath(io, repo);
    const outcome = changeRepository(changeOptions(repository, flags, io), (base) => renewRoles(base, roles));
    const isEmpty = rolesOf(outcome.change).length === 0;
    const rows = changeRows(outcome, repository);
    printResult(io, flags.json, {
      object: { type: 'release-renew', ...changeFields(outcome) },
      text: formatRows(isEmpty ? [['renewed', 'nothing is past half of its life'], ...rows] : rows),
    });
  });
}
