import type { RecoverResult } from '../../commands/recover.ts';
import { examples, type Register } from './register.ts';

export const registerRecover: Register = (program, run) => {
  program
    .command('recover')
    .summary('finish or take back changes that were cut off')
    .description(
      'Finish the changes of a command that was cut off in their middle, or take them back where they can not be finished.\n' +
        'Every command that changes something does so first; at boot, swupd-recover.service does.',
    )
    .addHelpText('after', examples('swupd recover', 'swupd recover -p /mnt/root --json-output'))
    .action((_flags: object, command) =>
      run(command, async (session) => {
        const { recover } = await import('../../commands/recover.ts');
        const result = await session.recover(recover);
        return {
          exit: 0,
          quiet: () => [],
          data: () => ({ ...result }),
          text: () => [textOf(result)],
        };
      }),
    );
};

function textOf({ recovery, version }: RecoverResult): string {
  const installed = version === undefined ? 'Nothing is installed.' : `Build ${version} is installed.`;
  switch (recovery) {
    case 'nothing-to-do':
      return `There is nothing to recover. ${installed}`;
    case 'finished':
      return `Finished the changes that were cut off. ${installed}`;
    case 'taken-back':
      return `Took back the changes that were cut off. ${installed}`;
  }
}
