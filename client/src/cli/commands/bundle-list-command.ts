import { displayText } from '@swupd/shared';
import { formatBytes, plural } from '@swupd/shared/terminal';
import type { BundleListOptions, ListedBundle } from '../../commands/bundle-list.ts';
import type { Answer } from '../answer.ts';
import { columns } from '../render/table.ts';
import type { Session } from '../session.ts';
import { refuseTogether } from '../usage-error.ts';
import { examples, type Register } from './register.ts';

interface BundleListFlags {
  readonly all?: boolean;
  readonly hasDep?: string;
  readonly deps?: string;
  readonly orphans?: boolean;
  readonly status?: boolean;
}

export const registerBundleList: Register = (program, run) => {
  program
    .command('bundle-list')
    .summary('list bundles')
    .description('List the installed bundles, or with --all every bundle of the installed build.')
    .option('-a, --all', 'every bundle of the build, installed or not')
    .option('-D, --has-dep <BUNDLE>', 'only bundles that need BUNDLE')
    .option('--deps <BUNDLE>', 'only bundles that BUNDLE needs')
    .option('--orphans', 'only bundles that came along and that nothing needs any more')
    .option('--status', 'say which are installed, and which were asked for')
    .addHelpText('after', examples('swupd bundle-list --all --status', 'swupd bundle-list --has-dep editors'))
    .action((flags: BundleListFlags, command) =>
      run(command, (session) => {
        const { all = false, hasDep, deps, orphans = false } = flags;
        const asked = { '--has-dep': hasDep !== undefined, '--deps': deps !== undefined };
        refuseTogether('bundle-list', { ...asked, '--orphans': orphans });
        refuseTogether('bundle-list', { '--all': all, '--orphans': orphans });
        return answerBundleList(session, flags);
      }),
    );
};

async function answerBundleList(session: Session, flags: BundleListFlags): Promise<Answer> {
  const { bundleList } = await import('../../commands/bundle-list.ts');
  const bundles = await session.read((device) => bundleList(device, listOptions(flags)));
  const withStatus = flags.status === true;
  return {
    exit: 0,
    quiet: () => bundles.map((bundle) => (withStatus ? `${bundle.name}${suffix(bundle)}` : bundle.name)),
    data: () => ({
      bundles: bundles.map((bundle) => ({ ...bundle, description: displayText(bundle.description) })),
    }),
    text: () => [
      ...columns(bundles.map((bundle) => rowFor(bundle, withStatus))),
      plural(bundles.length, 'bundle'),
    ],
  };
}

function listOptions({ all = false, hasDep, deps, orphans = false }: BundleListFlags): BundleListOptions {
  return {
    all,
    orphans,
    ...(hasDep === undefined ? {} : { dependantsOf: hasDep }),
    ...(deps === undefined ? {} : { dependenciesOf: deps }),
  };
}

function rowFor({ name, status, contentSize, description }: ListedBundle, withStatus: boolean): string[] {
  return [name, ...(withStatus ? [STATUS[status]] : []), formatBytes(contentSize), displayText(description)];
}

function suffix({ status }: ListedBundle): string {
  return status === 'not-installed' ? '' : `: ${STATUS[status]}`;
}

/** In the words of the original, which scripts know. */
export const STATUS: Readonly<Record<ListedBundle['status'], string>> = {
  tracked: 'explicitly installed',
  dependency: 'installed',
  'not-installed': 'not installed',
};
