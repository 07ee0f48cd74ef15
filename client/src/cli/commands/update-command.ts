import type { UpdateResult } from '../../commands/update.ts';
import type { Answer } from '../answer.ts';
import { versionOr } from '../parse-values.ts';
import { buildsText } from '../render/builds.ts';
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
      'Take the system to the newest build that its channel offers, or to the one named with --version.\n' +
        'Everything is downloaded and verified before the first file changes.\n' +
        'Where builds have to be on the way, the system goes through them, one after the other.',
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
  const { kind, from, to, stops, dropped } = result;
  const way = `from build ${from} to build ${to}${stops.length === 0 ? '' : `, by way of ${buildsText(stops)}`}`;
  const titles = {
    updated: `Updated ${way}.`,
    planned: `Would update ${way}.`,
    downloaded: `Downloaded the update ${way}; nothing is changed yet.`,
  };
  const rows = [
    ...(stops[0] === undefined || kind === 'updated'
      ? []
      : [['so far', `up to build ${stops[0]}; what comes after it is known when it is there`] as const]),
    ...(dropped.length === 0 ? [] : [['bundles gone', dropped.join(', ')] as const]),
  ];
  return [titles[kind], ...outcomeLines(result, { ...facts, rows })];
}

function updateData(result: UpdateResult, elapsed: number): Record<string, unknown> {
  if (result.kind === 'up-to-date') return { ...result, seconds: elapsed / 1000 };
  const { kind, from, to, stops, dropped } = result;
  return { kind, from, to, stops, dropped, ...outcomeData(result, elapsed) };
}
