import { displayPath, displayText } from '@swupd/shared';
import type { Finding, Problem } from '../../inspect/findings.ts';
import { type JsonPath, jsonPath, jsonText } from './paths.ts';

const TITLES: Readonly<Record<Problem, string>> = {
  missing: 'Missing file',
  'wrong-type': 'Wrong type',
  modified: 'Modified file',
  'wrong-link': 'Wrong link target',
  'wrong-mode': 'Wrong mode',
  'wrong-owner': 'Wrong owner',
  'wrong-xattrs': 'Wrong extended attributes',
  'not-linked': 'Not hard-linked',
  'wrongly-linked': 'Wrongly hard-linked',
  extra: 'Extra file',
};

/** ` -> Wrong mode: /usr/bin/x (0755 expected, 0644 found)` */
export function findingLine({ path, problem, expected, found }: Finding): string {
  const facts =
    expected === undefined || found === undefined
      ? ''
      : ` (${displayText(expected)} expected, ${displayText(found)} found)`;
  return ` -> ${TITLES[problem]}: ${displayPath(path)}${facts}`;
}

export interface JsonFinding extends JsonPath {
  readonly problem: Problem;
  readonly expected: string | undefined;
  readonly found: string | undefined;
}

export function findingData({ path, problem, expected, found }: Finding): JsonFinding {
  return { ...jsonPath(path), problem, expected: jsonText(expected), found: jsonText(found) };
}

/** For scripts: each path once, first what is missing, then what differs, then what is too much. */
export function findingPaths(findings: readonly Finding[]): string[] {
  const rank = ({ problem }: Finding): number => (problem === 'missing' ? 0 : problem === 'extra' ? 2 : 1);
  const sorted = [...findings].sort((a, b) => rank(a) - rank(b));
  return [...new Set(sorted.map(({ path }) => displayPath(path)))];
}
