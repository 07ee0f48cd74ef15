import type { Command } from 'commander';
import { changeRepository } from '../../ceremony/change-repository.ts';
import { withdrawBuild } from '../../metadata/change-channels.ts';
import type { CliIo } from '../cli-io.ts';
import { parseCount } from '../options/parse-options.ts';
import { formatRows } from '../show/format-rows.ts';
import { changeFields, changeRows } from '../show/show-change.ts';
import { addChangeOptions, type ChangeFlags, changeOptions, printResult } from './change-command.ts';
import { chosenRepository } from './channel-repository.ts';

interface WithdrawFlags extends ChangeFlags {
  readonly from: string;
  readonly repo?: string;
}

export function registerChannelWithdraw(channel: Command, io: CliIo): void {
  const command = channel
    .command('withdraw')
    .summary('offer a build no more')
    .description(
      'Take back the offer of build VERSION. Devices that have it keep it, and go on to the next build that is offered; ' +
        'others stay where they are. Its files stay published.',
    )
    .argument('<VERSION>', 'number of the build')
    .requiredOption('--from <CHANNEL>', 'channel that offers it')
    .option('--repo <DIR>', 'folder of the repository (default: $SWUPD_REPO, or the working directory)')
    .addHelpText('after', '\nExample:\n  swupd-server channel withdraw 30 --from stable --repo /srv/os');
  addChangeOptions(command).action((text: string, flags: WithdrawFlags) => {
    const repository = chosenRepository(flags.repo, io);
    const version = parseCount('VERSION', text, { min: 1, max: Number.MAX_SAFE_INTEGER });
    const outcome = changeRepository(changeOptions(repository, flags, io), (base) =>
      withdrawBuild(base, flags.from, version),
    );
    printResult(io, flags.json, {
      object: { type: 'channel-withdraw', version, channel: flags.from, ...changeFields(outcome) },
      text: formatRows(changeRows(outcome, repository)),
    });
  });
}
