import { type Offer, offersOf } from '@swupd/manifests/trust';
import { plural, printableLine } from '@swupd/shared/terminal';
import type { Command } from 'commander';
import { channelsOf } from '../../metadata/policy.ts';
import { publishedPolicy } from '../../metadata/working-policy.ts';
import { channelOf } from '../../publication/offer-moms.ts';
import { readMetadata } from '../../repository/read-metadata.ts';
import type { CliIo } from '../cli-io.ts';
import { absolutePath } from '../options/parse-options.ts';
import { formatRows, type Row } from '../show/format-rows.ts';
import { printResult } from './change-command.ts';

interface ListFlags {
  readonly json?: boolean;
}

const SHOWN = 12;

export function registerChannelList(channel: Command, io: CliIo): void {
  channel
    .command('list')
    .summary('show the channels and what they offer')
    .description(
      'Show each channel with the builds that it offers, the newest first, and what devices have to know of them.',
    )
    .argument('<REPO>', 'folder of the repository')
    .option('-j, --json', 'print the result as one JSON object, with all builds')
    .addHelpText('after', '\nExample:\n  swupd-server channel list /srv/os')
    .action((repo: string, flags: ListFlags) => {
      const state = readMetadata(absolutePath(io, repo));
      const channels = channelsOf(publishedPolicy(state)).map(({ name }) => ({
        name,
        offers: [...state.roles]
          .filter(([role]) => channelOf(role) === name)
          .flatMap(([, page]) => offersOf(page, name))
          .sort((a, b) => b.version - a.version),
      }));
      printResult(io, flags.json, {
        object: { type: 'channels', channels },
        text: formatRows(channels.flatMap(({ name, offers }) => channelRows(name, offers))),
      });
    });
}

function channelRows(name: string, offers: readonly Offer[]): Row[] {
  if (offers.length === 0) return [[name, 'offers nothing yet']];
  const more = offers.length - SHOWN;
  return [
    ...offers.slice(0, SHOWN).map((offer, i): Row => [i === 0 ? name : '', offerText(offer)]),
    ...(more > 0 ? [['', `and ${plural(more, 'older build')}`] as Row] : []),
  ];
}

function offerText({ version, minFrom, barrier, urgent, reason }: Offer): string {
  const notes = [
    ...(barrier ? ['barrier'] : []),
    ...(minFrom === undefined ? [] : [`only from ${minFrom} on`]),
    ...(urgent ? ['urgent'] : []),
    ...(reason === undefined ? [] : [printableLine(reason)]),
  ];
  return notes.length === 0 ? `build ${version}` : `build ${version}: ${notes.join(', ')}`;
}
