import type { Command } from 'commander';
import { promoteTo } from '../../ceremony/promote-to.ts';
import type { CliIo } from '../cli-io.ts';
import { parseCount } from '../options/parse-options.ts';
import { formatRows } from '../show/format-rows.ts';
import { changeFields, changeRows } from '../show/show-change.ts';
import { addChangeOptions, type ChangeFlags, changeOptions, printResult } from './change-command.ts';
import { chosenRepository } from './channel-repository.ts';

interface PromoteFlags extends ChangeFlags {
  readonly to: string;
  readonly from?: string;
  readonly repo?: string;
}

export function registerChannelPromote(channel: Command, io: CliIo): void {
  const command = channel
    .command('promote')
    .summary('offer a build on a channel')
    .description(
      'Offer build VERSION on a channel. With --from, what that channel says of it goes along: barrier, min-from, urgent, reason.\n' +
        'Without, it does so from the one channel that offers the build; a build that none offers yet is offered as it is.',
    )
    .argument('<VERSION>', 'number of a build of the repository')
    .requiredOption('--to <CHANNEL>', 'channel that is to offer it')
    .option('--from <CHANNEL>', 'channel that offers it now')
    .option('--repo <DIR>', 'folder of the repository (default: $SWUPD_REPO, or the working directory)')
    .addHelpText(
      'after',
      '\nExample:\n  swupd-server channel promote 30 --from beta --to stable --repo /srv/os',
    );
  addChangeOptions(command).action((text: string, flags: PromoteFlags) => {
    const repository = chosenRepository(flags.repo, io);
    const version = parseCount('VERSION', text, { min: 1, max: Number.MAX_SAFE_INTEGER });
    const { to, from } = flags;
    const outcome = promoteTo(changeOptions(repository, flags, io), { version, to, from });
    printResult(io, flags.json, {
      object: { type: 'channel-promote', version, channel: to, ...changeFields(outcome) },
      text: formatRows(changeRows(outcome, repository)),
    });
  });
}
