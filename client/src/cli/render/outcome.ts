import { displayPath } from '@swupd/shared';
import { formatBytes, formatCount, formatDuration, plural } from '@swupd/shared/terminal';
import type { CommandOutcome } from '../../commands/outcome.ts';
import type { Notice } from '../../plan/plan.ts';
import { jsonPath, someOf } from './paths.ts';
import { planLines } from './plan.ts';
import { labelled } from './table.ts';

export interface OutcomeFacts {
  /** Milliseconds. */
  readonly elapsed: number;
  readonly verbose: boolean;
  /** Rows of the command's own, shown first. */
  readonly rows?: readonly (readonly [string, string])[];
}

/** What a changing command has done, or with `--dry-run` would do. */
export function outcomeLines(
  outcome: CommandOutcome,
  { elapsed, verbose, rows = [] }: OutcomeFacts,
): string[] {
  const { cost, dryRun, transferred, notices, failures, plan, readBack } = outcome;
  const all: (readonly [string, string])[] = [
    ...rows,
    [
      dryRun ? 'to change' : 'changed',
      `${plural(cost.changes, 'path')}, ${formatCount(cost.removals)} removed`,
    ],
    dryRun
      ? [
          'to download',
          downloadText({ bytes: cost.downloadBytes, requests: cost.requests }, cost.contentBytes),
        ]
      : ['downloaded', downloadText(transferred, cost.contentBytes)],
    ...(dryRun ? spaceRows(cost.space) : []),
    ...keptRows(cost.keptBytes),
    ...noticeRows(notices),
    ...(failures.length === 0 ? [] : [failureRow(failures.length, verbose)]),
    ['time', formatDuration(elapsed)],
  ];
  const details = verbose
    ? [
        ...(dryRun ? planLines(plan) : []),
        ...(readBack === undefined ? [] : [readBackLine(readBack)]),
        ...failures.map(({ source, reason }) => `  failed source ${source}: ${reason}`),
      ]
    : [];
  return [...labelled(all), ...details];
}

/** The same for programs. */
export function outcomeData(outcome: CommandOutcome, elapsed: number): Record<string, unknown> {
  const { cost, dryRun, transferred, notices, failures, plan, readBack } = outcome;
  return {
    dryRun,
    ...cost,
    transferred,
    notices: notices.map(({ path, reason }) => ({ ...jsonPath(path), reason })),
    failures: failures.map(({ source, reason }) => ({ source, reason })),
    ...(readBack === undefined ? {} : { readBack }),
    ...(dryRun
      ? {
          plan: [
            ...plan.steps.map(({ action, entry }) => ({ action, ...jsonPath(entry.path) })),
            ...plan.removals.map(({ path }) => ({ action: 'remove', ...jsonPath(path) })),
          ],
        }
      : {}),
    seconds: elapsed / 1000,
  };
}

function downloadText(wire: { readonly bytes: number; readonly requests: number }, content: number): string {
  const bytes =
    content > wire.bytes
      ? `${formatBytes(wire.bytes)} instead of ${formatBytes(content)}`
      : formatBytes(wire.bytes);
  return `${bytes}, ${plural(wire.requests, 'request')}`;
}

function spaceRows(space: CommandOutcome['cost']['space']): [string, string][] {
  return space.map(({ place, neededBytes, freeBytes }) => [
    'disk space',
    `${formatBytes(neededBytes)} needed in ${place}, ${formatBytes(freeBytes)} free`,
  ]);
}

function readBackLine({ checked, unchecked }: NonNullable<CommandOutcome['readBack']>): string {
  const rest =
    unchecked === 0 ? '' : `; ${plural(unchecked, 'file')} on file systems that have no way past their cache`;
  return `  read back from the disk: ${plural(checked, 'new file')}${rest}`;
}

function keptRows(bytes: number): [string, string][] {
  return bytes === 0 ? [] : [['kept', `${formatBytes(bytes)} of what was before, for 'swupd rollback'`]];
}

const MOST_PATHS = 5;

const NOTICE_TEXTS: Readonly<Record<Notice['reason'], readonly [label: string, text: string]>> = {
  'config-kept': ['kept', 'edited on this device, the version of the build is not installed'],
  'kept-aside': ['kept aside', 'not of this system and in the way, now beside it as NAME.kept-1'],
  'not-removed': ['not removed', 'replaced on this device by something of another type'],
  'not-kept': ['not kept', "no room was left to keep it for 'swupd rollback', which will need the server"],
  'directory-not-empty': ['not removed', 'holds files that are not of this system'],
};

/** What was left as it was, a row for each reason. */
export function noticeRows(notices: readonly Notice[]): [string, string][] {
  const reasons = Object.keys(NOTICE_TEXTS) as Notice['reason'][];
  return reasons.flatMap((reason): [string, string][] => {
    const paths = new Set(
      notices.filter((notice) => notice.reason === reason).map(({ path }) => displayPath(path)),
    );
    if (paths.size === 0) return [];
    const [label, text] = NOTICE_TEXTS[reason];
    return [[label, `${someOf([...paths], MOST_PATHS)} (${text})`]];
  });
}

function failureRow(count: number, verbose: boolean): [string, string] {
  const more = verbose ? '' : ' (--verbose lists them)';
  return [
    'sources',
    `${plural(count, 'source')} failed, and others made up for ${count === 1 ? 'it' : 'them'}${more}`,
  ];
}
