import { unknownBundle } from '@swupd/manifests';
import type { SwupdError } from '@swupd/shared';
import type { BundleAddResult } from '../../commands/bundle-add.ts';
import type { Answer } from '../answer.ts';
import { outcomeData, outcomeLines } from '../render/outcome.ts';
import type { Session } from '../session.ts';
import { examples, type Register } from './register.ts';

interface BundleAddFlags {
  readonly skipOptional?: boolean;
  readonly dryRun?: boolean;
}

export const registerBundleAdd: Register = (program, run) => {
  program
    .command('bundle-add')
    .summary('add bundles to the system')
    .description(
      'Add bundles of the installed build, with what they include and what they propose.\n' +
        'Exit code 3: a name is unknown; the others are added all the same.',
    )
    .argument('<NAMES...>', 'bundles to add')
    .option('--skip-optional', 'leave out what the bundles only propose')
    .option('--dry-run', 'show what would be downloaded and changed, and stop')
    .addHelpText(
      'after',
      examples('swupd bundle-add editors', 'swupd bundle-add editors network --skip-optional'),
    )
    .action((names: readonly string[], flags: BundleAddFlags, command) =>
      run(command, (session) => answerBundleAdd(session, names, flags)),
    );
};

async function answerBundleAdd(
  session: Session,
  names: readonly string[],
  flags: BundleAddFlags,
): Promise<Answer> {
  const { bundleAdd } = await import('../../commands/bundle-add.ts');
  const dryRun = flags.dryRun === true;
  const result = await session.change((device) =>
    bundleAdd(device, { names, skipOptional: flags.skipOptional === true, dryRun }),
  );
  const elapsed = session.elapsed();
  const { verbose } = session.options;
  const errors = result.unknown.map((name): SwupdError => unknownBundle(name));
  return {
    exit: errors[0]?.exit ?? 0,
    errors,
    quiet: () => [],
    data: () => ({
      ...result,
      outcome: result.outcome === undefined ? undefined : outcomeData(result.outcome, elapsed),
    }),
    text: () => [
      ...result.present.map((name) => `Bundle ${name} is installed already.`),
      ...addedLines(result, dryRun),
      ...(result.outcome === undefined ? [] : outcomeLines(result.outcome, { elapsed, verbose })),
    ],
  };
}

/** Names first what was asked for, then what came along. */
function addedLines({ added, outcome, unknown, present }: BundleAddResult, dryRun: boolean): string[] {
  if (outcome === undefined) return [];
  const verb = dryRun ? 'Would add' : 'Added';
  if (added.length > 0) return [`${verb} ${added.join(', ')}.`];
  return present.length > 0 || unknown.length > 0 ? ['No file of another bundle is needed.'] : [];
}
