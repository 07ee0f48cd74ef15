import { plural } from '@swupd/shared/terminal';
import type { OsInstallOptions } from '../../commands/os-install.ts';
import type { Answer } from '../answer.ts';
import { commaList, versionOr } from '../parse-values.ts';
import { outcomeData, outcomeLines } from '../render/outcome.ts';
import { someOf } from '../render/paths.ts';
import type { Session } from '../session.ts';
import { refuseTogether } from '../usage-error.ts';
import { examples, type Register } from './register.ts';

interface OsInstallFlags {
  readonly version?: number | 'latest';
  readonly bundles?: readonly string[];
  readonly all?: boolean;
  readonly skipOptional?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly download?: boolean;
}

export const registerOsInstall: Register = (program, run) => {
  const command = program
    .command('os-install')
    .summary('install a system into an empty root')
    .description('Install the newest build, or the one named with --version, into PATH (or --path).')
    .argument('[PATH]', 'the root to install into');
  command
    .addOption(
      command.createOption('-V, --version <N>', 'install build N, or latest').argParser(versionOr('latest')),
    )
    .addOption(command.createOption('-B, --bundles <NAMES>', 'besides os-core: a,b').argParser(commaList))
    .option('--all', 'install every bundle of the build')
    .option('--skip-optional', 'leave out what bundles only propose')
    .option('-x, --force', 'install over a system that is there; what is right there is kept')
    .option('--dry-run', 'show what would be downloaded and changed, and stop')
    .option('--download', 'bring everything into the cache, and stop')
    .addHelpText(
      'after',
      examples(
        'swupd os-install /mnt/root -u https://updates.example.org/os -C 1.root.json',
        'swupd os-install /mnt/root -u /media/usb/repo -C 1.root.json -B editors,network',
      ),
    )
    .action((path: string | undefined, flags: OsInstallFlags) =>
      run(command, (session) => {
        const { all = false, bundles = [], dryRun = false, download = false } = flags;
        refuseTogether('os-install', { '--all': all, '--bundles': bundles.length > 0 });
        refuseTogether('os-install', { '--dry-run': dryRun, '--download': download });
        refuseTogether('os-install', { PATH: path !== undefined, '--path': session.options.pathGiven });
        return answerOsInstall(session, path, flags);
      }),
    );
};

async function answerOsInstall(
  session: Session,
  path: string | undefined,
  flags: OsInstallFlags,
): Promise<Answer> {
  const { osInstall } = await import('../../commands/os-install.ts');
  const root = path === undefined ? session.options.path : session.absolute(path);
  const { version, bundles, outcome } = await session.install(root, (device) =>
    osInstall(device, installOptions(flags)),
  );
  const elapsed = session.elapsed();
  const { verbose } = session.options;
  const verb = flags.dryRun === true ? 'Would install' : flags.download === true ? 'Downloaded' : 'Installed';
  const rows = [
    ['bundles', `${plural(bundles.length, 'bundle')}: ${someOf(bundles, verbose ? 1e6 : 12)}`],
  ] as const;
  return {
    exit: 0,
    quiet: () => [],
    data: () => ({ version, bundles, root, ...outcomeData(outcome, elapsed) }),
    text: () => [
      `${verb} build ${version} ${flags.download === true ? 'for' : 'into'} ${root}.`,
      ...outcomeLines(outcome, { elapsed, verbose, rows }),
    ],
  };
}

function installOptions(flags: OsInstallFlags): OsInstallOptions {
  return {
    bundles: flags.all === true ? 'all' : (flags.bundles ?? []),
    ...(typeof flags.version === 'number' ? { version: flags.version } : {}),
    skipOptional: flags.skipOptional === true,
    force: flags.force === true,
    dryRun: flags.dryRun === true,
    downloadOnly: flags.download === true,
  };
}
