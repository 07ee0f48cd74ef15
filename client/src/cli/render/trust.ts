import { plural } from '@swupd/shared/terminal';
import type { TrustedRole, TrustInfo } from '../../commands/trust-info.ts';
import { someOf } from './paths.ts';
import { columns, labelled } from './table.ts';
import { spanText, timeText } from './time.ts';

const MOST_BUILDS = 12;
/** Digits of a key id that tell it from the others. */
const SHORT_ID = 12;

/** Whom the device trusts, for people. */
export function trustLines(info: TrustInfo): string[] {
  const { product, rootVersion, channel, offered, time, next, roles } = info;
  return [
    ...labelled([
      ['product', product ?? 'not named'],
      ['root', `version ${rootVersion}${anchorText(info)}`],
      ['channel', `${channel}: ${offersText(offered)}`],
      ['time', timeLine(time)],
      ['next', nextText(next, time.now)],
    ]),
    '',
    ...columns([['role', 'version', 'good until', 'keys'], ...roles.map(roleCells)]).map(
      (line) => `  ${line}`,
    ),
  ];
}

function anchorText({ anchorVersion, rootVersion }: TrustInfo): string {
  if (anchorVersion === rootVersion) return ', the trust anchor';
  return anchorVersion === undefined
    ? '; the trust anchor is damaged'
    : `, by way of all roots since the trust anchor, version ${anchorVersion}`;
}

function offersText(offered: readonly number[]): string {
  if (offered.length === 0) return 'nothing known';
  const newest = [...offered].reverse().map(String);
  return `${plural(offered.length, 'build')} offered: ${someOf(newest, MOST_BUILDS)}`;
}

const SOURCES: Readonly<Record<TrustInfo['time']['source'], string>> = {
  clock: 'by the clock',
  timestamp: 'the repository has said so; the clock shows',
  build: 'the installed build was made then; the clock shows',
};

function timeLine({ now, clock, source }: TrustInfo['time']): string {
  const why = SOURCES[source];
  return source === 'clock'
    ? `${timeText(now)}, ${why}`
    : `${timeText(now)}: ${why} ${timeText(clock)}, which is over`;
}

function nextText({ role, expires }: TrustInfo['next'], now: number): string {
  const when = timeText(expires);
  return expires > now
    ? `${role} expires first, in ${spanText(expires - now)}, on ${when}`
    : `${role} has expired on ${when}: no update before the repository has been signed anew`;
}

function roleCells({ name, version, expires, threshold, keys }: TrustedRole): string[] {
  const ids = keys.map((id) => id.slice(0, SHORT_ID)).join(' ');
  return [
    name,
    version === undefined ? '-' : String(version),
    expires === undefined ? '-' : timeText(expires),
    `${threshold} of ${keys.length}: ${ids}`,
  ];
}
