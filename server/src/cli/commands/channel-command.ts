import type { Command } from 'commander';
import type { CliIo } from '../cli-io.ts';
import { registerChannelAdd } from './channel-add.ts';
import { registerChannelList } from './channel-list.ts';
import { registerChannelPromote } from './channel-promote.ts';
import { registerChannelWithdraw } from './channel-withdraw.ts';

export function registerChannel(program: Command, io: CliIo): void {
  const channel = program
    .command('channel')
    .summary('offer builds on channels, and take them back')
    .description(
      'Channels are what devices follow: stable, beta, or others. A build reaches the devices of a channel when it is offered ' +
        'there, signed by the release keys.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  swupd-server channel promote 30 --from beta --to stable --repo /srv/os\n' +
        "\nOptions: see 'swupd-server channel COMMAND --help'",
    );
  registerChannelList(channel, io);
  registerChannelAdd(channel, io);
  registerChannelPromote(channel, io);
  registerChannelWithdraw(channel, io);
}
