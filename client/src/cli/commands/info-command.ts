import { formatBytes, plural } from '@swupd/shared/terminal';
import type { InfoResult } from '../../commands/info.ts';
import type { Answer } from '../answer.ts';
import { labelled } from '../render/table.ts';
import { timeText } from '../render/time.ts';
import { trustLines } from '../render/trust.ts';
import type { Session } from '../session.ts';
import { examples, type Register } from './register.ts';

export const registerInfo: Register = (program, run) => {
  program
    .command('info')
    .summary('show what is installed and where it comes from')
    .description('Show the installed build, its repository and its trust anchor. Asks no server.')
    .option('--trust', 'show whom the device trusts: keys, versions, expiry, and the time it goes by')
    .addHelpText(
      'after',
      examples(
        'swupd info',
        'swupd info --quiet          only the number of the build',
        'swupd info --trust',
      ),
    )
    .action((flags: { readonly trust?: boolean }, command) =>
      run(command, flags.trust === true ? answerTrust : answerInfo),
    );
};

async function answerInfo(session: Session): Promise<Answer> {
  const { info } = await import('../../commands/info.ts');
  const facts = await session.read(info);
  const { version, url, channel, root, bundles, tracked, trust, kept } = facts;
  return {
    exit: 0,
    quiet: () => [String(version)],
    data: () => ({ ...facts }),
    text: () => [
      `Build ${version}`,
      ...labelled([
        ['root', root],
        ['repository', url ?? 'not known (see -u)'],
        ['channel', channel],
        ['bundles', `${plural(bundles, 'bundle')}, ${tracked} asked for`],
        ['trust', trust === undefined ? 'no trust anchor (see -C)' : trustText(trust)],
        ['kept', keptText(kept)],
      ]),
    ],
  };
}

async function answerTrust(session: Session): Promise<Answer> {
  const { trustInfo } = await import('../../commands/trust-info.ts');
  const facts = await session.read(async (device) => trustInfo(device));
  return {
    exit: 0,
    quiet: () => [String(facts.rootVersion)],
    data: () => ({ ...facts }),
    text: () => ['Trust', ...trustLines(facts)],
  };
}

function keptText({ versions, bytes }: InfoResult['kept']): string {
  return versions.length === 0
    ? 'nothing to go back to'
    : `build ${versions.join(', ')}, ${formatBytes(bytes)} (swupd rollback)`;
}

function trustText({ rootVersion, rootExpires, timestampExpires }: NonNullable<InfoResult['trust']>): string {
  const root = `root version ${rootVersion}, good until ${timeText(rootExpires)}`;
  return timestampExpires === undefined
    ? root
    : `${root}; last answer good until ${timeText(timestampExpires)}`;
}
