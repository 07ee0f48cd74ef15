import { formatTime } from '@swupd/manifests/trust';
import { plural } from '@swupd/shared/terminal';
import type { RepositoryState } from '../../metadata/repository-state.ts';
import { allOffers, channelOf } from '../../publication/offer-moms.ts';
import type { Publication } from '../../publication/publish-change.ts';
import { type RoleExpiry, roleExpiries } from '../../publication/role-expiries.ts';
import type { MissingSignatures } from '../../publication/sign-part.ts';
import type { Row } from './format-rows.ts';

/** What devices see after build `version`, for people. */
export function publicationRows(
  publication: Publication | undefined,
  { repository, version }: { readonly repository: string; readonly version: number },
): Row[] {
  if (publication === undefined) {
    const promote = `swupd-server channel promote ${version} --to CHANNEL --repo ${repository}`;
    return [['not offered', `to offer it: ${promote}`]];
  }
  if (publication.kind === 'prepared') return preparedRows(publication, repository);
  const { state } = publication;
  return [['offered', offersText(state)], ...expiryRows(state, repository)];
}

/** The same for programs. */
export function publicationFields(publication: Publication | undefined): Readonly<Record<string, unknown>> {
  if (publication === undefined) return { publication: 'none' };
  if (publication.kind === 'prepared') {
    const { folder, missing } = publication;
    return { publication: 'prepared', prepared: folder, missing };
  }
  return { publication: 'published', ...stateFields(publication.state) };
}

/** What channels offer newest, and what expires when. */
export function stateFields(state: RepositoryState): Readonly<Record<string, unknown>> {
  const expiries = roleExpiries(state).map(({ expires, renewFrom, ...rest }) => ({
    ...rest,
    expires: formatTime(expires),
    renewFrom: formatTime(renewFrom),
  }));
  return { channels: Object.fromEntries(newestOffers(state)), expiries };
}

/** When the timestamp has to be renewed, and whatever else is due within its life. */
export function expiryRows(state: RepositoryState, repository: string): Row[] {
  const expiries = roleExpiries(state);
  const timestamp = expiries.find(({ role }) => role === 'timestamp');
  if (timestamp === undefined) return [];
  const due = expiries.filter(({ role, renewFrom }) => !ONLINE.has(role) && renewFrom < timestamp.expires);
  return [
    [
      'timestamp',
      `expires ${formatTime(timestamp.expires)}; renew it from ${formatTime(timestamp.renewFrom)} on: swupd-server timestamp ${repository}`,
    ],
    ...due.map((expiry): Row => ['sign anew', expiryText(expiry, repository)]),
  ];
}

export function expiryText({ role, expires }: RoleExpiry, repository: string): string {
  const command = ONLINE.has(role) ? `timestamp ${repository}` : `release renew ${repository} ${role}`;
  return `${role}.json expires on ${formatTime(expires)}: swupd-server ${command}`;
}

/** Signed by the timer's keys, without anybody. */
const ONLINE = new Set(['timestamp', 'snapshot']);

function offersText(state: RepositoryState): string {
  const offers = newestOffers(state).map(([channel, version]) => `${version} on ${channel}`);
  return offers.length === 0 ? 'nothing' : `newest: ${offers.join(', ')}`;
}

function newestOffers(state: RepositoryState): [channel: string, version: number][] {
  const newest = new Map<string, number>();
  for (const { channel, version } of allOffers(state)) {
    newest.set(channel, Math.max(version, newest.get(channel) ?? 0));
  }
  return [...newest];
}

function preparedRows(
  { folder, missing }: Extract<Publication, { kind: 'prepared' }>,
  repository: string,
): Row[] {
  return [
    ...missing.map((part): Row => ['not offered', missingText(part)]),
    ['to sign', `each holder: swupd-server release sign ${folder} --key KEYFILE`],
    ['then', `swupd-server release publish ${repository}`],
  ];
}

function missingText({ role, signed, threshold, keyIds }: MissingSignatures): string {
  const ids = keyIds.map((keyId) => keyId.slice(0, 16)).join(', ');
  const title = channelOf(role) === role ? `${role}.json` : `${role}.json (older builds)`;
  return `${title} needs ${plural(threshold - signed, 'more signature')} of ${threshold}, by keys ${ids}`;
}
