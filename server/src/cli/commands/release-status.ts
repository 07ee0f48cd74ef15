import { basename } from 'node:path';
import { plural } from '@swupd/shared/terminal';
import type { Command } from 'commander';
import { findPreparedRelease } from '../../ceremony/prepared-release.ts';
import { describePrepared } from '../../ceremony/sign-prepared.ts';
import { preparedFolder } from '../../publication/prepared-metadata.ts';
import type { CliIo } from '../cli-io.ts';
import { absolutePath } from '../options/parse-options.ts';
import { formatRows, type Row } from '../show/format-rows.ts';
import { explainedRows, missingText } from '../show/show-change.ts';
import { printResult } from './change-command.ts';

interface StatusFlags {
  readonly json?: boolean;
}

export function registerReleaseStatus(release: Command, io: CliIo): void {
  release
    .command('status')
    .summary('show what waits for signatures, and whose')
    .description(
      'Show the metadata that wait in REPO.prepared: what they change, and which keys have still to sign.',
    )
    .argument('<REPO>', 'folder of the repository')
    .option('-j, --json', 'print the result as one JSON object')
    .addHelpText('after', '\nExample:\n  swupd-server release status /srv/os')
    .action((repo: string, flags: StatusFlags) => {
      const repository = absolutePath(io, repo);
      const release = findPreparedRelease(preparedFolder(repository));
      const files = release === undefined ? [] : describePrepared(release);
      const isComplete = files.every(({ missing }) => missing === undefined);
      const rows = files.flatMap(({ path, says, expires, missing, signed }): Row[] => [
        ...explainedRows(basename(path), says),
        ['', `expires ${expires}`],
        [
          '',
          missing === undefined
            ? `complete, with ${plural(signed.length, 'signature')}`
            : missingText(missing),
        ],
      ]);
      const next: Row = isComplete
        ? ['next', `swupd-server release publish ${repository}`]
        : ['next', `swupd-server release sign ${repository}.prepared --key KEYFILE`];
      printResult(io, flags.json, {
        object: { type: 'release-status', files },
        text: files.length === 0 ? 'nothing waits for signatures\n' : formatRows([...rows, next]),
      });
    });
}
