import { formatTime } from '@swupd/manifests/trust';
import { formatBytes, formatCount, plural, printableLine } from '@swupd/shared/terminal';
import type { Finding, Severity } from '../../inspect/finding.ts';
import type { InspectionResult } from '../../inspect/inspect-repository.ts';

interface InspectionFormat {
  readonly json: boolean;
  /** Whether the repository's own first root was believed. */
  readonly ownAnchor: boolean;
}

const SEVERITIES: readonly Severity[] = ['problem', 'warning', 'note'];

/** An inspection for people: a table of what is there, then the findings, the worst first. With `json`, an object a line. */
export function formatInspection(result: InspectionResult, { json, ownAnchor }: InspectionFormat): string {
  const { findings, ...summary } = result;
  const sorted = SEVERITIES.flatMap((severity) =>
    findings.filter((finding) => finding.severity === severity),
  );
  if (json) {
    const lines = [
      ...sorted.map((finding) => ({ type: 'finding', ...finding })),
      { type: 'inspect', ...summary },
    ];
    return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  }
  const rows = [
    ['repository', summary.repository],
    ['product', summary.product ?? 'none'],
    [
      'trust anchor',
      ownAnchor ? "the repository's own first root; pass -C to check against yours" : 'as given',
    ],
    ...summary.roles.map(({ role, version, expires, size }) => [
      role,
      `version ${version}, ${formatBytes(size)}, expires ${formatTime(expires)}`,
    ]),
    ...summary.channels.map(({ channel, offered, newest }) => [
      `offered on ${channel}`,
      newest === undefined ? 'nothing' : `${plural(offered, 'build')}, the newest is ${newest}`,
    ]),
    ...objectRows(summary),
  ];
  const width = Math.max(...rows.map(([label = '']) => label.length));
  const table = rows.map(([label = '', text = '']) => `${label.padEnd(width)}  ${printableLine(text)}\n`);
  return `${table.join('')}\n${sorted.map(formatFinding).join('')}${formatCounts(findings)}\n`;
}

function objectRows({ builds, documents, packs, objects }: Omit<InspectionResult, 'findings'>): string[][] {
  const { blobs, blobBytes, deltas, decodedDeltas } = objects;
  return [
    ['builds', formatCount(builds)],
    ['documents', formatCount(documents)],
    ['packs', formatCount(packs)],
    ['blobs', `${formatCount(blobs)}, ${formatBytes(blobBytes)}`],
    ['deltas', `${formatCount(deltas)}, ${formatCount(decodedDeltas)} of them carried out`],
  ];
}

/** What it says comes from the repository: control characters must not reach the terminal. */
function formatFinding({ severity, code, name, message, hint }: Finding): string {
  return `${severity.padEnd(7)}  ${printableLine(name)}: ${printableLine(message)} (${code})\n         ${printableLine(hint)}\n`;
}

function formatCounts(findings: readonly Finding[]): string {
  return SEVERITIES.map((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return plural(count, severity);
  }).join(', ');
}
