import {
  canonicalJson,
  type DelegationInput,
  isRecord,
  offerPath,
  type TargetInput,
  targetsFields,
} from '@swupd/manifests/trust';
import { pageDelegation } from './channel-delegation.ts';
import { MetadataError } from './metadata-error.ts';
import { channelsOf, type Policy, type PolicyPage } from './policy.ts';

/** A device fetches the first page of its channel for each new build, so it stays small. */
const PAGE_BUILDS = 12;
const PAGE_BYTES = 4096;
/** Devices follow 32 delegations at most (`LIMITS.delegatedRoles`), so a channel forgets its oldest builds in time. */
const OLDER_PAGES = 24;
/** Canonical JSON of one signature with its comma, and of the envelope around. */
const SIGNATURE_BYTES = 215;
const ENVELOPE_BYTES = 30;

const EMPTY: PolicyPage = { targets: {}, delegations: [] };

/** The channel's delegation. @throws MetadataError `unknown-channel` */
export function findChannel(policy: Policy, name: string): DelegationInput {
  const found = channelsOf(policy).find((channel) => channel.name === name);
  if (found !== undefined) return found;
  const known = channelsOf(policy).map((channel) => channel.name);
  throw new MetadataError('unknown-channel', `there is no channel '${name}'`, {
    details: { channel: name, channels: known },
    hint: `The channels are ${known.join(', ')}; 'swupd-server channel add REPO ${name}' makes another.`,
  });
}

/** The roles of a channel that have metadata: its own, and its pages from the newest to the oldest. */
export function pagesOf(policy: Policy, channel: string): string[] {
  const names: string[] = [];
  let next: string | undefined = channel;
  while (next !== undefined && policy.pages.has(next) && !names.includes(next)) {
    names.push(next);
    next = policy.pages.get(next)?.delegations[0]?.name;
  }
  return names;
}

/** What a channel says of a build, as TUF describes a target; undefined where it is not offered. */
export function findOffer(policy: Policy, channel: string, version: number): TargetInput | undefined {
  const path = offerPath(channel, version);
  return pagesOf(policy, channel)
    .map((name) => policy.pages.get(name)?.targets[path])
    .find((target) => target !== undefined);
}

/** The builds that a channel offers, ascending. */
export function offeredVersions(policy: Policy, channel: string): number[] {
  const paths = pagesOf(policy, channel).flatMap((name) =>
    Object.keys(policy.pages.get(name)?.targets ?? {}),
  );
  return paths.map(versionOf).sort((a, b) => a - b);
}

/**
 * `policy` with one more build on the channel's first page. A full page gives its older half to the page of older builds, a
 * new one where that would be full; builds that devices have to go through stay where every device sees them. Behind the last
 * page that a device may follow, builds are offered no more.
 */
export function placeOffer(
  policy: Policy,
  channel: string,
  [version, target]: [number, TargetInput],
): Policy {
  const delegation = findChannel(policy, channel);
  const first = policy.pages.get(channel) ?? EMPTY;
  const page = { ...first, targets: { ...first.targets, [offerPath(channel, version)]: target } };
  const moved = fits(page, delegation) ? [] : olderHalf(page);
  const pages = new Map(policy.pages);
  if (moved.length === 0) return { ...policy, pages: pages.set(channel, page) };
  const older = olderPage(policy, delegation, Object.fromEntries(moved));
  pages.set(older.name, older.page);
  const out = new Set(moved.map(([path]) => path));
  const rest = Object.entries(page.targets).filter(([path]) => !out.has(path));
  pages.set(channel, {
    targets: Object.fromEntries(rest),
    delegations: [pageDelegation(delegation, older.name)],
  });
  return cutPages({ ...policy, pages }, channel);
}

/** `policy` without the offer of a build. @throws MetadataError `not-offered` */
export function dropOffer(policy: Policy, channel: string, version: number): Policy {
  findChannel(policy, channel);
  const path = offerPath(channel, version);
  const name = pagesOf(policy, channel).find((role) => policy.pages.get(role)?.targets[path] !== undefined);
  const page = name === undefined ? undefined : policy.pages.get(name);
  if (name === undefined || page === undefined) throw notOffered(policy, channel, version);
  const { [path]: _, ...targets } = page.targets;
  const pages = new Map(policy.pages).set(name, { ...page, targets });
  return withNewestFirst({ ...policy, pages }, channel);
}

/** A device looks for news on the first page only: where the newest build went, the one before it comes back there. */
function withNewestFirst(policy: Policy, channel: string): Policy {
  const newest = offeredVersions(policy, channel).at(-1);
  const path = newest === undefined ? '' : offerPath(channel, newest);
  const home = pagesOf(policy, channel).find((name) => policy.pages.get(name)?.targets[path] !== undefined);
  const first = policy.pages.get(channel);
  const older = home === undefined ? undefined : policy.pages.get(home);
  const target = older?.targets[path];
  if (home === undefined || home === channel || !first || !older || !target) return policy;
  const { [path]: _, ...rest } = older.targets;
  const pages = new Map(policy.pages)
    .set(home, { ...older, targets: rest })
    .set(channel, { ...first, targets: { ...first.targets, [path]: target } });
  return { ...policy, pages };
}

/** `policy` with pages that the keys of their channel sign, and nobody else. */
export function alignPages(policy: Policy): Policy {
  const pages = new Map(policy.pages);
  for (const channel of channelsOf(policy)) {
    for (const name of pagesOf(policy, channel.name)) {
      const page = pages.get(name) ?? EMPTY;
      const delegations = page.delegations.map((older) => pageDelegation(channel, older.name));
      pages.set(name, { ...page, delegations });
    }
  }
  return { ...policy, pages };
}

export function notOffered(policy: Policy, channel: string, version: number): MetadataError {
  const offered = offeredVersions(policy, channel).slice(-5);
  return new MetadataError('not-offered', `build ${version} is not offered on '${channel}'`, {
    details: { version, channel },
    hint:
      offered.length === 0
        ? `'${channel}' offers nothing yet.`
        : `The newest that '${channel}' offers: ${offered.join(', ')}.`,
  });
}

function versionOf(path: string): number {
  return Number(path.split('/')[1]);
}

function fits({ targets, delegations }: PolicyPage, { threshold }: DelegationInput): boolean {
  if (Object.keys(targets).length > PAGE_BUILDS) return false;
  const fields = targetsFields({
    version: 999_999,
    expires: 0,
    targets,
    ...(delegations.length === 0 ? {} : { delegations }),
  });
  return canonicalJson(fields).length + ENVELOPE_BYTES + threshold * SIGNATURE_BYTES < PAGE_BYTES;
}

/** The older half of the page without its newest build, and without barriers. */
function olderHalf({ targets }: PolicyPage): [string, TargetInput][] {
  const ascending = Object.entries(targets).sort(([a], [b]) => versionOf(a) - versionOf(b));
  const movable = ascending.slice(0, -1).filter(([, target]) => !isBarrier(target));
  return movable.slice(0, Math.ceil(movable.length / 2));
}

function isBarrier(target: TargetInput): boolean {
  return isRecord(target.custom) && target.custom.barrier === true;
}

/** The channel without the pages that are too many. */
function cutPages(policy: Policy, channel: string): Policy {
  const names = pagesOf(policy, channel);
  const last = names[OLDER_PAGES];
  const page = last === undefined ? undefined : policy.pages.get(last);
  if (last === undefined || page === undefined || names.length <= OLDER_PAGES + 1) return policy;
  const pages = new Map(policy.pages).set(last, { ...page, delegations: [] });
  for (const name of names.slice(OLDER_PAGES + 1)) pages.delete(name);
  return { ...policy, pages };
}

/** The newest page of older builds with `moved` in it. */
function olderPage(
  policy: Policy,
  channel: DelegationInput,
  moved: Readonly<Record<string, TargetInput>>,
): { readonly name: string; readonly page: PolicyPage } {
  const [, newest] = pagesOf(policy, channel.name);
  const last = newest === undefined ? undefined : policy.pages.get(newest);
  if (newest !== undefined && last !== undefined) {
    const page = { ...last, targets: { ...last.targets, ...moved } };
    if (fits(page, channel)) return { name: newest, page };
  }
  // A name is never used again: devices have seen what it said.
  const number = newest === undefined ? 0 : Number(newest.slice(channel.name.length + 1));
  return {
    name: `${channel.name}.${number + 1}`,
    page: { targets: moved, delegations: newest === undefined ? [] : [pageDelegation(channel, newest)] },
  };
}
