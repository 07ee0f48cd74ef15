import { plural, printableLine } from '@swupd/shared/terminal';
import type { ChangeOutcome } from '../../ceremony/change-repository.ts';
import { explainChange } from '../../metadata/explain-change.ts';
import { rolesOf } from '../../metadata/working-policy.ts';
import type { MissingSignatures } from '../../publication/sign-part.ts';
import type { Row } from './format-rows.ts';
import { expiryRows, publicationFields } from './show-publication.ts';

/** What a change says, and what became of it, for people. */
export function changeRows(outcome: ChangeOutcome, repository: string): Row[] {
  const { publication, retired } = outcome;
  const rows = saidRows(outcome);
  if (publication.kind === 'prepared') {
    return [
      ...rows,
      ...publication.missing.map((part): Row => ['waits', missingText(part)]),
      ...signRows(repository),
    ];
  }
  return [
    ...rows,
    ...retired.map((path): Row => ['retired', path]),
    ...expiryRows(publication.state, repository),
  ];
}

/** The same for programs. */
export function changeFields({
  change,
  publication,
  retired,
}: ChangeOutcome): Readonly<Record<string, unknown>> {
  return { ...publicationFields(publication), roles: rolesOf(change), retired };
}

/** The next commands for what waits. */
export function signRows(repository: string): Row[] {
  return [
    ['to sign', `swupd-server release sign ${repository}.prepared --key KEYFILE`],
    ['then', `swupd-server release publish ${repository}`],
  ];
}

/** `2.stable.json needs 1 more signature of 2, by keys 4c1e…` */
export function missingText({ role, version, signed, threshold, keyIds }: MissingSignatures): string {
  const ids = keyIds.map((keyId) => keyId.slice(0, 16)).join(', ');
  return `${version}.${role}.json needs ${plural(threshold - signed, 'more signature')} of ${threshold}, by keys ${ids}`;
}

/** What files say, each line below the file. */
export function explainedRows(title: string, says: readonly string[]): Row[] {
  return says.map((line, i) => [i === 0 ? printableLine(title) : '', printableLine(line)]);
}

function saidRows({ change, before, after }: ChangeOutcome): Row[] {
  return rolesOf(change).flatMap((role) => explainedRows(role, explainChange(role, before, after)));
}
