import { displayText } from '@swupd/shared';
import { formatBytes, plural } from '@swupd/shared/terminal';
import type { Answer } from '../answer.ts';
import type { Session } from '../session.ts';
import { examples, type Register } from './register.ts';

interface CleanFlags {
  readonly all?: boolean;
  readonly kept?: boolean;
  readonly dryRun?: boolean;
}

export const registerClean: Register = (program, run) => {
  program
    .command('clean')
    .summary('empty the cache')
    .description('Remove what is kept in the state directory and that the installed build does not need.')
    .option('--all', 'also the manifests of the installed build; they are fetched again when they are needed')
    .option('--kept', 'also what is kept of builds before: there is no rollback any more')
    .option('--dry-run', 'list what would be removed, and stop')
    .addHelpText('after', examples('swupd clean', 'swupd clean --all --dry-run', 'swupd clean --kept'))
    .action((flags: CleanFlags, command) => run(command, (session) => answerClean(session, flags)));
};

async function answerClean(
  session: Session,
  { all = false, kept = false, dryRun = false }: CleanFlags,
): Promise<Answer> {
  const { clean } = await import('../../commands/clean.ts');
  const { removed, bytes, left } = await session.change((device) => clean(device, { all, kept, dryRun }));
  const names = removed.map(displayText);
  return {
    exit: 0,
    quiet: () => (dryRun ? names : []),
    data: () => ({ dryRun, removed: names, bytes, left }),
    text: () => [
      ...(dryRun || session.options.verbose ? names.map((name) => ` -> ${name}`) : []),
      `${dryRun ? 'Would remove' : 'Removed'} ${plural(removed.length, 'file')}, ${formatBytes(bytes)}.`,
      ...(left.bytes === 0
        ? []
        : [
            `${formatBytes(left.bytes)} are kept to go back to build ${left.versions.join(', ')}; --kept removes them.`,
          ]),
    ],
  };
}
