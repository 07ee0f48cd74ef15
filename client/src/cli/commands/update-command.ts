import type { UpdateResult } from '../../commands/update.ts';
import type { Answer } from '../answer.ts';
import { versionOr } from '../parse-values.ts';
import { outcomeData, outcomeLines } from '../render/outcome.ts';
import type { Session } from '../session.ts';
import { refuseTogether } from '../usage-error.ts';
import { answerCheckUpdate } from './check-update-command.ts';
import { examples, type Register } from './register.ts';

interface UpdateFlags {
  readonly version?: number | 'latest';
  readonly status?: boolean;
  readonly dryRun?: boolean;
  readonly download?: boolean;
}

export const registerUpdate: Register = (program, run) => {
  const command = program
    .command('update')
    .summary('take the system to a newer build')
    .description(
      'Take the system to the newest build of its repository, or to the one named with --version.\n' +
        'Everything is downloaded and verified before the first file changes.',
    );
  command
    .addOption(
      command.createOption('-V, --version <N>', 'go to build N, or latest').argParser(versionOr('latest')),
    )
    .option('-s, --status', 'only say whether there is a newer build: the same as check-update')
    .option('--dry-run', 'show what would be downloaded and changed, and stop')
    .option('--download', 'bring everything into the cache, and stop')
    .addHelpText(
      'after',
      examples('swupd update', 'swupd update --version 20', 'swupd update --dry-run --verbose'),
    )
    .action((flags: UpdateFlags) =>
      run(command, async (session) => {
        const { status = false, dryRun = false, download = false } = flags;
        refuseTogether('update', { '--status': status, '--dry-run': dryRun, '--download': download });
        return status ? answerCheckUpdate(session) : answerUpdate(session, flags);
      }),
    );
};

async function answerUpdate(session: Session, flags: UpdateFlags): Promise<Answer> {
  const { update } = await import('../../commands/update.ts');
  const { version } = flags;
  const result = await session.change((device) =>
    update(device, {
      ...(typeof version === 'number' ? { version } : {}),
      dryRun: flags.dryRun === true,
      downloadOnly: flags.download === true,
    }),
  );
  const elapsed = session.elapsed();
  return {
    exit: 0,
    quiet: () => [],
    data: () => updateData(result, elapsed),
    text: () => updateLines(result, { elapsed, verbose: session.options.verbose }),
  };
}

function updateLines(result: UpdateResult, facts: { elapsed: number; verbose: boolean }): string[] {
  if (result.kind === 'up-to-date') return [`Build ${result.version} is installed; there is nothing newer.`];
  const { kind, from, to, dropped } = result;
  const titles = {
    updated: `Updated from build ${from} to build ${to}.`,
    planned: `Would update from build ${from} to build ${to}.`,
    downloaded: `Downloaded the update from build ${from} to build ${to}; nothing is changed yet.`,
  };
  const rows = dropped.length === 0 ? [] : [['bundles gone', dropped.join(', ')] as const];
  return [titles[kind], ...outcomeLines(result, { ...facts, rows })];
}

function updateData(result: UpdateResult, elapsed: number): Record<string, unknown> {
  if (result.kind === 'up-to-date') return { ...result, seconds: elapsed / 1000 };
  const { kind, from, to, dropped } = result;
  return { kind, from, to, dropped, ...outcomeData(result, elapsed) };
}
