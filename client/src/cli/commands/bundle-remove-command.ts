import { plural } from '@swupd/shared/terminal';
import type { BundleRemoveOptions, BundleRemoveResult } from '../../commands/bundle-remove.ts';
import type { Device } from '../../device/device.ts';
import type { Answer } from '../answer.ts';
import { CliError } from '../cli-error.ts';
import { outcomeData, outcomeLines } from '../render/outcome.ts';
import type { Session } from '../session.ts';
import { refuseTogether, usageError } from '../usage-error.ts';
import { examples, type Register } from './register.ts';

interface BundleRemoveFlags {
  readonly force?: boolean;
  readonly recursive?: boolean;
  readonly orphans?: boolean;
  readonly dryRun?: boolean;
}

export const registerBundleRemove: Register = (program, run) => {
  program
    .command('bundle-remove')
    .summary('remove bundles from the system')
    .description(
      'Remove bundles. Files that other installed bundles have as well stay. Needs no network.\n' +
        'On a terminal, --force asks before it removes bundles that were not named.',
    )
    .argument('[NAMES...]', 'bundles to remove')
    .option('-x, --force', 'also remove the bundles that need them')
    .option(
      '-R, --recursive',
      'also remove what they needed, where nobody asked for it and nothing else needs it',
    )
    .option('--orphans', 'remove all that came along and that nothing needs any more')
    .option('--dry-run', 'show what would be changed, and stop')
    .addHelpText(
      'after',
      examples('swupd bundle-remove editors --recursive', 'swupd bundle-remove --orphans'),
    )
    .action((names: readonly string[], flags: BundleRemoveFlags, command) =>
      run(command, (session) => {
        const { force = false, recursive = false, orphans = false, dryRun = false } = flags;
        for (const [name, given] of [
          ['NAMES', names.length > 0],
          ['--force', force],
          ['--recursive', recursive],
        ] as const)
          refuseTogether('bundle-remove', { '--orphans': orphans, [name]: given });
        if (names.length === 0 && !orphans)
          throw usageError(
            'no bundle is named',
            "Name bundles as 'swupd bundle-list' does, or pass --orphans.",
          );
        return answerBundleRemove(session, { names, force, recursive, orphans, dryRun });
      }),
    );
};

async function answerBundleRemove(session: Session, options: BundleRemoveOptions): Promise<Answer> {
  const result = await session.change((device) => removeAfterAsking(device, options, session));
  const { removed, outcome } = result;
  const elapsed = session.elapsed();
  const { verbose } = session.options;
  return {
    exit: 0,
    quiet: () => [],
    data: () => ({ removed, outcome: outcome === undefined ? undefined : outcomeData(outcome, elapsed) }),
    text: () =>
      outcome === undefined
        ? ['There is nothing to remove.']
        : [
            `${options.dryRun ? 'Would remove' : 'Removed'} ${removed.join(', ')}.`,
            ...outcomeLines(outcome, { elapsed, verbose }),
          ],
  };
}

async function removeAfterAsking(
  device: Device,
  options: BundleRemoveOptions,
  session: Session,
): Promise<BundleRemoveResult> {
  const { bundleRemove } = await import('../../commands/bundle-remove.ts');
  if (options.force && !options.dryRun && session.asks()) {
    const { removed } = await bundleRemove(device, { ...options, dryRun: true });
    const others = removed.filter((name) => !options.names.includes(name));
    const question = `This also removes ${plural(others.length, 'bundle')}: ${others.join(', ')}. Go on?`;
    if (others.length > 0 && !(await session.confirm(question)))
      throw new CliError('declined', 'declined; nothing has been removed', {
        hint: 'Name the bundles that you want to remove, without --force.',
      });
  }
  return bundleRemove(device, options);
}
