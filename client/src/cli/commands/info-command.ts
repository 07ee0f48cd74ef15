import { formatBytes, plural } from '@swupd/shared/terminal';
import type { InfoResult } from '../../commands/info.ts';
import { labelled } from '../render/table.ts';
import { timeText } from '../render/time.ts';
import { examples, type Register } from './register.ts';

export const registerInfo: Register = (program, run) => {
  program
    .command('info')
    .summary('show what is installed and where it comes from')
    .description('Show the installed build, its repository and its trust anchor. Asks no server.')
    .addHelpText('after', examples('swupd info', 'swupd info --quiet          only the number of the build'))
    .action((_flags: object, command) =>
      run(command, async (session) => {
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
      }),
    );
};

function keptText({ versions, bytes }: InfoResult['kept']): string {
  return versions.length === 0
    ? 'nothing to go back to'
    : `build ${versions.join(', ')}, ${formatBytes(bytes)} (swupd rollback)`;
}

interface Trust {
  readonly rootVersion: number;
  readonly rootExpires: number;
  readonly pointerExpires: number | undefined;
}

function trustText({ rootVersion, rootExpires, pointerExpires }: Trust): string {
  const root = `root version ${rootVersion}, good until ${timeText(rootExpires)}`;
  return pointerExpires === undefined ? root : `${root}; last answer good until ${timeText(pointerExpires)}`;
}
