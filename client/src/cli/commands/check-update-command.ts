import type { CheckUpdateResult } from '../../commands/check-update.ts';
import { type Answer, EXIT_NO } from '../answer.ts';
import { buildsText } from '../render/builds.ts';
import { labelled } from '../render/table.ts';
import type { Session } from '../session.ts';
import { examples, type Register } from './register.ts';

export const registerCheckUpdate: Register = (program, run) => {
  program
    .command('check-update')
    .summary('ask whether there is a newer build')
    .description(
      'Ask the server for the newest build of the channel. Exit code 0: there is a newer one, 1: there is none.',
    )
    .addHelpText('after', examples('swupd check-update', 'swupd check-update -q && swupd update'))
    .action((_flags: object, command) => run(command, answerCheckUpdate));
};

export async function answerCheckUpdate(session: Session): Promise<Answer> {
  const { checkUpdate } = await import('../../commands/check-update.ts');
  const result = await session.read(checkUpdate);
  const { isNewer } = result;
  return {
    exit: isNewer ? 0 : EXIT_NO,
    quiet: () => (isNewer ? [String(result.newest)] : []),
    data: () => ({ ...result }),
    text: () => answerLines(result),
  };
}

function answerLines({ installed, newest, isNewer, stops, urgent, reason }: CheckUpdateResult): string[] {
  if (!isNewer) return [`Build ${installed} is installed; there is nothing newer.`];
  const urgently = urgent ? ', and urgent' : '';
  const why = reason === undefined ? [] : [['reason', reason] as const];
  const way = stops.length === 0 ? [] : [['by way of', buildsText(stops)] as const];
  return [
    `Build ${newest} is there${urgently}; build ${installed} is installed. Install it with 'swupd update'.`,
    ...labelled([...why, ...way]),
  ];
}
