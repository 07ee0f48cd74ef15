import { type Answer, EXIT_NO } from '../answer.ts';
import type { Session } from '../session.ts';
import { examples, type Register } from './register.ts';

export const registerCheckUpdate: Register = (program, run) => {
  program
    .command('check-update')
    .summary('ask whether there is a newer build')
    .description('Ask the server for its newest build. Exit code 0: there is a newer one, 1: there is none.')
    .addHelpText('after', examples('swupd check-update', 'swupd check-update -q && swupd update'))
    .action((_flags: object, command) => run(command, answerCheckUpdate));
};

export async function answerCheckUpdate(session: Session): Promise<Answer> {
  const { checkUpdate } = await import('../../commands/check-update.ts');
  const result = await session.read(checkUpdate);
  const { installed, newest, isNewer } = result;
  return {
    exit: isNewer ? 0 : EXIT_NO,
    quiet: () => (isNewer ? [String(newest)] : []),
    data: () => ({ ...result }),
    text: () => [
      isNewer
        ? `Build ${newest} is there; build ${installed} is installed. Install it with 'swupd update'.`
        : `Build ${installed} is installed; there is nothing newer.`,
    ],
  };
}
