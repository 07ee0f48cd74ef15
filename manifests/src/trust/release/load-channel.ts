import { LIMITS } from '@swupd/shared';
import type { RoleKeys } from '../keys/role-keys.ts';
import { covers, type Delegation } from '../metadata/delegation.ts';
import { malformed } from '../metadata/metadata.ts';
import type { Targets } from '../metadata/targets.ts';
import { TrustError } from '../trust-error.ts';
import { trustedTargets } from '../trusted-set/accept-targets.ts';
import type { TrustedSet } from '../trusted-set/trusted-set.ts';
import { loadTargets } from '../workflow/load-targets.ts';
import type { TrustRun } from '../workflow/trust-run.ts';

/** The delegation whose keys sign MoMs. It names no paths, so that no search asks it. */
export const BUILD_ROLE = 'build';

/** Builds of a channel, the newest of them on the first page; older ones are on the pages that follow. */
export interface ChannelPage {
  readonly set: TrustedSet;
  /** Its targets are those that all delegations on the way to it cover: a role may speak for its own paths only. */
  readonly page: Targets;
  /** The role that has signed it. */
  readonly name: string;
  /** All roles on the way to it, its own last. */
  readonly names: readonly string[];
  readonly covers: (path: string) => boolean;
}

/**
 * The first page of a channel: what the role of that name says, which `targets` itself lets speak.
 * @throws TrustError `no-channel`, and what loading a role throws
 */
export function* loadChannel(set: TrustedSet, channel: string): TrustRun<ChannelPage> {
  const delegation = set.targets?.delegations.find(({ name }) => name === channel);
  const isThere = delegation !== undefined && set.snapshot?.meta.has(channel) === true;
  if (!isThere || channel === BUILD_ROLE) throw noChannel(set, channel);
  return yield* loadPage(set, delegation, { names: ['targets'], covers: () => true });
}

/**
 * The page with the builds before those of `from`; undefined behind the last.
 * @throws TrustError `metadata-limit`, and what loading a role throws
 */
export function* loadOlderPage(
  set: TrustedSet,
  channel: string,
  from: ChannelPage,
): TrustRun<ChannelPage | undefined> {
  const delegation = from.page.delegations.find(({ name }) => name.startsWith(`${channel}.`));
  if (delegation === undefined) return undefined;
  if (from.names.includes(delegation.name) || from.names.length > LIMITS.delegatedRoles)
    throw tooManyPages(channel);
  return yield* loadPage(set, delegation, from);
}

/** The keys that sign MoMs. @throws TrustError `bad-metadata` where the repository names none */
export function buildKeys({ targets }: TrustedSet): RoleKeys {
  const delegation = targets?.delegations.find(({ name }) => name === BUILD_ROLE);
  if (delegation !== undefined) return delegation.role;
  throw malformed('targets', `it names no keys for the role '${BUILD_ROLE}'`);
}

function* loadPage(
  start: TrustedSet,
  delegation: Delegation,
  from: Pick<ChannelPage, 'names' | 'covers'>,
): TrustRun<ChannelPage> {
  const role = { name: delegation.name, delegator: from.names.at(-1) ?? '', keys: delegation.role };
  const set = yield* loadTargets(start, role);
  const whole = trustedTargets(set, role);
  if (whole === undefined) throw new TypeError('what was loaded is trusted');
  const isCovered = (path: string): boolean => from.covers(path) && covers(delegation, path);
  const targets = new Map([...whole.targets].filter(([path]) => isCovered(path)));
  const names = [...from.names, role.name];
  return { set, page: { ...whole, targets }, name: role.name, names, covers: isCovered };
}

function tooManyPages(channel: string): TrustError {
  return new TrustError(
    'metadata-limit',
    `the channel '${channel}' has more pages than ${LIMITS.delegatedRoles}, or goes round in a circle`,
    {
      details: { role: channel, limit: LIMITS.delegatedRoles },
      hint: 'Name a newer build, or none for the newest.',
    },
  );
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
