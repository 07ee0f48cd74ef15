import { formatBytes } from '@swupd/shared/terminal';
import type { HistoryEntry } from '../../state/history.ts';
import { wholeNumber } from '../parse-values.ts';
import { columns } from '../render/table.ts';
import { timeText } from '../render/time.ts';
import { examples, type Register } from './register.ts';

interface HistoryFlags {
  readonly number?: number;
}

const DEFAULT_COUNT = 20;
const MOST = 100_000;

export const registerHistory: Register = (program, run) => {
  const command = program
    .command('history')
    .summary('show what has been done to the system')
    .description('List changes to the system, the last one at the end. Asks no server.');
  command
    .addOption(
      command
        .createOption('-n, --number <N>', `how many of the last ones (default: ${DEFAULT_COUNT})`)
        .argParser(wholeNumber('--number', 1, MOST)),
    )
    .addHelpText('after', examples('swupd history', 'swupd history -n 1 --json-output'))
    .action((flags: HistoryFlags) =>
      run(command, async (session) => {
        const { history } = await import('../../commands/history.ts');
        const entries = await session.read((device) =>
          history(device, { count: flags.number ?? DEFAULT_COUNT }),
        );
        return {
          exit: 0,
          quiet: () => columns(entries.map(cellsOf)),
          data: () => ({ entries }),
          text: () =>
            entries.length === 0
              ? ['Nothing has been done yet that is remembered.']
              : columns([['when', 'command', 'builds', 'outcome', 'downloaded'], ...entries.map(cellsOf)]),
        };
      }),
    );
};

function cellsOf({ time, command, from, to, outcome, cut, code, bytes }: HistoryEntry): string[] {
  const builds = from === null ? `${to}` : from === to ? `${to}` : `${from} -> ${to}`;
  const why = code === undefined ? '' : ` (${code})`;
  return [
    timeText(time),
    command,
    builds,
    `${outcome}${why}${cut ? ', was cut off' : ''}`,
    formatBytes(bytes),
  ];
}
