import { formatBytes, formatCount, formatDuration, plural } from '@swupd/shared/terminal';
import type { ReleaseSummary } from '../../plan/release-summary.ts';
import type { Row } from './format-rows.ts';

/** What a build took. */
export interface BuildEffort {
  /** Milliseconds by stage. */
  readonly times: Readonly<Record<string, number>>;
  /** Bytes. */
  readonly peakMemory: number;
}

/** The summary of a build for people. */
export function summaryRows(summary: ReleaseSummary, { times, peakMemory }: BuildEffort): Row[] {
  const { version, changedBundles, bundles, blobs, newBlobs, deltas, packs } = summary;
  return [
    [
      `build ${version}`,
      `${changedBundles.length} of ${plural(bundles, 'bundle')} changed${listOf(changedBundles)}`,
    ],
    [
      'content',
      `${plural(summary.entries, 'entry').replace('entrys', 'entries')}, ${formatBytes(summary.contentBytes)}`,
    ],
    ['blobs', `${counted(newBlobs)} new of ${counted(blobs)}`],
    ['deltas', counted(deltas)],
    ...codecRows(summary, false),
    ...(summary.reducedDeltas === 0
      ? []
      : [['', `${plural(summary.reducedDeltas, 'pair')} had no memory for the best codecs`] as Row]),
    ...(summary.jointDeltas.count === 0 ? [] : [['joint deltas', counted(summary.jointDeltas)] as Row]),
    ...codecRows(summary, true),
    ['packs', counted(packs)],
    ...summary.updates.map(({ from, bytes }): Row => [`update ${from} → ${version}`, formatBytes(bytes)]),
    ['install all', formatBytes(summary.installBytes)],
    [
      'time',
      Object.entries(times)
        .map(([stage, ms]) => `${stage} ${formatDuration(ms)}`)
        .join(', '),
    ],
    ['memory', `${formatBytes(peakMemory)} at the peak`],
  ];
}

function codecRows({ deltaCodecs }: ReleaseSummary, joint: boolean): Row[] {
  return deltaCodecs
    .filter((part) => part.joint === joint)
    .map((part) => [`  by ${part.codec}`, counted(part)]);
}

function listOf(names: readonly string[]): string {
  return names.length === 0 || names.length > 12 ? '' : `: ${names.join(', ')}`;
}

function counted({ count, bytes }: { count: number; bytes: number }): string {
  return `${formatCount(count)} (${formatBytes(bytes)})`;
}
