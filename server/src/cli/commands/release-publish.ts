import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import type { Command } from 'commander';
import { publishPrepared } from '../../ceremony/publish-prepared.ts';
import type { CliIo } from '../cli-io.ts';
import { absolutePath } from '../options/parse-options.ts';
import { formatRows, type Row } from '../show/format-rows.ts';
import { changeFields, changeRows } from '../show/show-change.ts';
import { addChangeOptions, type ChangeFlags, changeOptions, printResult } from './change-command.ts';

export function registerReleasePublish(release: Command, io: CliIo): void {
  const command = release
    .command('publish')
    .summary('publish what has its signatures')
    .description(
      'Publish the metadata in REPO.prepared that enough keys have signed, with a new snapshot and timestamp. Keys at hand ' +
        'sign along. Root and targets go together with all that waits; channels go one by one. Nothing is published half.',
    )
    .argument('<REPO>', 'folder of the repository')
    .addHelpText('after', '\nExample:\n  swupd-server release publish /srv/os --keys /etc/swupd/online');
  addChangeOptions(command).action((repo: string, flags: ChangeFlags) => {
    const repository = absolutePath(io, repo);
    const outcome = publishPrepared(changeOptions(repository, flags, io));
    printResult(io, flags.json, {
      object: { type: 'release-publish', ...changeFields(outcome) },
      text: formatRows([
        ...changeRows(outcome, repository),
        ...(outcome.before === undefined ? [anchorRow(repository)] : []),
      ]),
    });
  });
}

/** What devices need of a repository that was founded just now. */
function anchorRow(repository: string): Row {
  return ['trust anchor', join(repository, LAYOUT.root(1))];
}
