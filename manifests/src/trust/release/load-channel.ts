import type { RoleKeys } from '../keys/role-keys.ts';
import { malformed } from '../metadata/metadata.ts';
import type { Targets } from '../metadata/targets.ts';
import { TrustError } from '../trust-error.ts';
import { type TargetsRole, trustedTargets } from '../trusted-set/accept-targets.ts';
import type { TrustedSet } from '../trusted-set/trusted-set.ts';
import { loadTargets } from '../workflow/load-targets.ts';
import type { TrustRun } from '../workflow/trust-run.ts';

/** The delegation whose keys sign MoMs. It names no paths, so that no search asks it. */
export const BUILD_ROLE = 'build';

/** Builds of a channel, the newest of them on the first page; older ones are on the pages that follow. */
export interface ChannelPage {
  readonly set: TrustedSet;
  readonly page: Targets;
  /** The role that has signed it. */
  readonly name: string;
}

/**
 * The first page of a channel: what the role of that name says, which `targets` itself lets speak.
 * @throws TrustError `no-channel`, and what loading a role throws
 */
export function* loadChannel(set: TrustedSet, channel: string): TrustRun<ChannelPage> {
  const delegation = set.targets?.delegations.find(({ name }) => name === channel);
  const isThere = delegation !== undefined && set.snapshot?.meta.has(channel) === true;
  if (!isThere || channel === BUILD_ROLE) throw noChannel(set, channel);
  return yield* loadPage(set, { name: channel, delegator: 'targets', keys: delegation.role });
}

/** The page with the builds before those of `page`; undefined behind the last. */
export function* loadOlderPage(
  set: TrustedSet,
  channel: string,
  { page, name: delegator }: ChannelPage,
): TrustRun<ChannelPage | undefined> {
  const delegation = page.delegations.find(({ name }) => name.startsWith(`${channel}.`));
  if (delegation === undefined) return undefined;
  return yield* loadPage(set, { name: delegation.name, delegator, keys: delegation.role });
}

/** The keys that sign MoMs. @throws TrustError `bad-metadata` where the repository names none */
export function buildKeys({ targets }: TrustedSet): RoleKeys {
  const delegation = targets?.delegations.find(({ name }) => name === BUILD_ROLE);
  if (delegation !== undefined) return delegation.role;
  throw malformed('targets', `it names no keys for the role '${BUILD_ROLE}'`);
}

function* loadPage(start: TrustedSet, role: TargetsRole): TrustRun<ChannelPage> {
  const set = yield* loadTargets(start, role);
  const page = trustedTargets(set, role);
  if (page === undefined) throw new TypeError('what was loaded is trusted');
  return { set, page, name: role.name };
}

function noChannel({ targets, snapshot }: TrustedSet, channel: string): TrustError {
  const known = (targets?.delegations ?? [])
    .map(({ name }) => name)
    .filter((name) => name !== BUILD_ROLE && snapshot?.meta.has(name) === true);
  return new TrustError('no-channel', `the repository offers nothing on the channel '${channel}'`, {
    details: { role: channel, channels: known },
    hint:
      known.length === 0
        ? 'The repository offers no build yet.'
        : `Channels with builds: ${known.join(', ')}. Choose one with --channel.`,
  });
}
