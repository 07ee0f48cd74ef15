import { formatTime } from '@swupd/manifests/trust';
import type { Command } from 'commander';
import { refreshTimestamp } from '../../publication/refresh-timestamp.ts';
import type { CliIo } from '../cli-io.ts';
import { addKeyOptions, type KeyFlags, keyOptions } from '../options/key-options.ts';
import { absolutePath, parseCount, publicationTime } from '../options/parse-options.ts';
import { formatRows } from '../show/format-rows.ts';
import { expiryRows, expiryText, stateFields } from '../show/show-publication.ts';

interface TimestampFlags extends KeyFlags {
  readonly expires: string;
  readonly json?: boolean;
}

const DAY = 86_400;

export function registerTimestamp(program: Command, io: CliIo): void {
  const command = program
    .command('timestamp')
    .summary('sign a new timestamp, for a timer')
    .description(
      'Say to devices that what the repository REPO offers is still the newest: sign a new timestamp.json, and a new snapshot ' +
        'when half of its life is over. Run it from a timer, at least twice as often as the timestamp expires.\n' +
        'It needs timestamp.key and snapshot.key only, and warns of all that has to be signed anew soon.\n' +
        'SOURCE_DATE_EPOCH is honoured.',
    )
    .argument('<REPO>', 'folder of the repository')
    .option('--expires <DAYS>', 'how long devices may trust the new timestamp', '7')
    .option('-j, --json', 'print the result as one JSON object')
    .addHelpText('after', '\nExample:\n  swupd-server timestamp /srv/os --keys /etc/swupd/online');
  addKeyOptions(command).action((repo: string, flags: TimestampFlags) => {
    const repository = absolutePath(io, repo);
    const clock = publicationTime(io);
    const { state, time, late } = refreshTimestamp({
      repository,
      keys: keyOptions(repository, flags, io),
      time: clock,
      life: parseCount('--expires', flags.expires, { min: 1, max: 365 }) * DAY,
      pid: io.pid,
    });
    io.stdout.write(
      flags.json
        ? `${JSON.stringify({ type: 'timestamp', ...stateFields(state), late: late.map(({ role }) => role) })}\n`
        : formatRows(expiryRows(state, repository)),
    );
    if (time > clock) {
      io.stderr.write(
        `swupd-server: it is ${formatTime(clock)} here, before the last timestamp was signed; set the clock. Signed as of ${formatTime(time)}\n`,
      );
    }
    for (const expiry of late) {
      io.stderr.write(
        expiry.role === 'timestamp'
          ? 'swupd-server: half of the life of the last timestamp was over; run this command more often\n'
          : `swupd-server: half of its life is over: ${expiryText(expiry, repository)}\n`,
      );
    }
  });
}
