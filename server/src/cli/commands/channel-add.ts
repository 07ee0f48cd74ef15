import type { Command } from 'commander';
import { changeRepository } from '../../ceremony/change-repository.ts';
import { addChannel } from '../../metadata/change-channels.ts';
import type { CliIo } from '../cli-io.ts';
import { absolutePath } from '../options/parse-options.ts';
import { formatRows } from '../show/format-rows.ts';
import { changeFields, changeRows } from '../show/show-change.ts';
import { addChangeOptions, type ChangeFlags, changeOptions, printResult } from './change-command.ts';

export function registerChannelAdd(channel: Command, io: CliIo): void {
  const command = channel
    .command('add')
    .summary('make one more channel')
    .description(
      'Make a channel that offers nothing yet. The root keys sign that it exists, the release keys what it will offer.',
    )
    .argument('<REPO>', 'folder of the repository')
    .argument('<NAME>', 'lower-case letters, digits and hyphens')
    .addHelpText('after', '\nExample:\n  swupd-server channel add /srv/os nightly');
  addChangeOptions(command).action((repo: string, name: string, flags: ChangeFlags) => {
    const repository = absolutePath(io, repo);
    const outcome = changeRepository(changeOptions(repository, flags, io), (base) => addChannel(base, name));
    printResult(io, flags.json, {
      object: { type: 'channel-add', channel: name, ...changeFields(outcome) },
      text: formatRows(changeRows(outcome, repository)),
    });
  });
}
