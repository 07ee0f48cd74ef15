import { displayPath, displayText } from '@swupd/shared';
import { formatBytes, formatCount } from '@swupd/shared/terminal';
import type { BundleInfoResult } from '../../commands/bundle-info.ts';
import type { Answer } from '../answer.ts';
import { versionOr } from '../parse-values.ts';
import { jsonPath } from '../render/paths.ts';
import { labelled } from '../render/table.ts';
import type { Session } from '../session.ts';
import { STATUS } from './bundle-list-command.ts';
import { examples, type Register } from './register.ts';

interface BundleInfoFlags {
  readonly version?: number | 'latest' | 'current';
  readonly dependencies?: boolean;
  readonly files?: boolean;
}

export const registerBundleInfo: Register = (program, run) => {
  const command = program
    .command('bundle-info')
    .summary('show what a bundle is and has')
    .description('Show a bundle of the installed build, or of the one named with --version.')
    .argument('<BUNDLE>', 'the bundle');
  command
    .addOption(
      command
        .createOption('-V, --version <N>', 'as of build N, latest, or current (the default)')
        .argParser(versionOr('latest', 'current')),
    )
    .option('--dependencies', 'list what it needs; with --files, list the files of those as well')
    .option('--files', 'list its files')
    .addHelpText(
      'after',
      examples('swupd bundle-info editors', 'swupd bundle-info editors --files --version latest'),
    )
    .action((name: string, flags: BundleInfoFlags) =>
      run(command, (session) => answerBundleInfo(session, name, flags)),
    );
};

async function answerBundleInfo(session: Session, name: string, flags: BundleInfoFlags): Promise<Answer> {
  const { bundleInfo } = await import('../../commands/bundle-info.ts');
  const { version, dependencies = false, files = false } = flags;
  const result = await session.read((device) =>
    bundleInfo(device, {
      name,
      files,
      dependencies,
      ...(version === undefined || version === 'current' ? {} : { version }),
    }),
  );
  return {
    exit: 0,
    quiet: () => quietLines(result, { dependencies, files }),
    data: () => ({
      ...result,
      description: displayText(result.description),
      files: files ? result.files.map(jsonPath) : undefined,
    }),
    text: () => textLines(result, { dependencies, files }),
  };
}

interface Shown {
  readonly dependencies: boolean;
  readonly files: boolean;
}

function quietLines(result: BundleInfoResult, { dependencies, files }: Shown): string[] {
  if (!dependencies && !files) {
    const status = STATUS[result.status];
    return [`${status.charAt(0).toUpperCase()}${status.slice(1)}`];
  }
  return [
    ...(dependencies ? result.dependencies : []),
    ...(dependencies && files ? [''] : []),
    ...result.files.map(displayPath),
  ];
}

function textLines(result: BundleInfoResult, { dependencies, files }: Shown): string[] {
  const { name, version, status, lastChanged, contentSize, totalSize, entries, includes, alsoAdd } = result;
  return [
    `Bundle ${name} of build ${version}`,
    ...labelled([
      ['status', STATUS[status]],
      ['about', displayText(result.description)],
      ['last changed', `build ${lastChanged}`],
      ['size', `${formatBytes(contentSize)}, ${formatBytes(totalSize)} with all that it needs`],
      ['paths', formatCount(entries)],
      ['includes', includes.join(', ') || 'nothing'],
      ['proposes', alsoAdd.join(', ') || 'nothing'],
    ]),
    ...(dependencies
      ? ['', 'Needs, directly or not:', ...result.dependencies.map((other) => `  ${other}`)]
      : []),
    ...(files ? ['', 'Files:', ...result.files.map((path) => `  ${displayPath(path)}`)] : []),
  ];
}
