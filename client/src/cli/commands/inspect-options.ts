import type { RepoPath } from '@swupd/shared';
import type { Command } from 'commander';
import type { DiagnoseOptions } from '../../commands/diagnose.ts';
import { anchoredPattern, commaList, rootPath, rootPaths } from '../parse-values.ts';
import { refuseTogether } from '../usage-error.ts';

/** The options that diagnose, repair and verify share. */
export interface InspectFlags {
  readonly bundles?: readonly string[];
  readonly file?: readonly RepoPath[];
  readonly quick?: boolean;
  readonly picky?: boolean;
  readonly pickyTree?: string;
  readonly pickyWhitelist?: string;
  readonly extraFilesOnly?: boolean;
}

const PICKY_TREE = '/usr';
const PICKY_WHITELIST = '/usr/lib/modules|/usr/lib/kernel|/usr/local|/usr/src';

export function addInspectOptions(command: Command): void {
  command
    .addOption(
      command.createOption('-B, --bundles <NAMES>', 'only what these bundles have: a,b').argParser(commaList),
    )
    .addOption(
      command
        .createOption('--file <PATH>', 'only PATH and what is below it; may be given again')
        .argParser(rootPaths('--file')),
    )
    .option('--quick', 'do not read files: trust their sizes')
    .option('-Y, --picky', 'also files that no installed bundle has')
    .option('-X, --picky-tree <DIR>', `where to look for such files (default: ${PICKY_TREE})`)
    .option(
      '-w, --picky-whitelist <ERE>',
      `paths to leave out there, from their start (default: ${PICKY_WHITELIST})`,
    )
    .option('--extra-files-only', 'only files that no installed bundle has');
}

/** @throws DeviceError `usage` */
export function inspectOptions(command: string, flags: InspectFlags): DiagnoseOptions {
  const { bundles = [], file = [], quick = false, picky = false, extraFilesOnly = false } = flags;
  const isPicky = { '--picky': picky, '--extra-files-only': extraFilesOnly };
  refuseTogether(command, { '--quick': quick, ...isPicky });
  refuseTogether(command, { '--bundles': bundles.length > 0, ...isPicky });
  return {
    bundles,
    files: file,
    quick,
    picky,
    extraOnly: extraFilesOnly,
    pickyTree: rootPath('--picky-tree', flags.pickyTree ?? PICKY_TREE),
    pickyWhitelist: anchoredPattern(flags.pickyWhitelist ?? PICKY_WHITELIST),
  };
}
