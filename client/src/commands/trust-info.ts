import { offersOf, ROLES, type RoleKeys, type TrustedSet } from '@swupd/manifests/trust';
import type { Device } from '../device/device.ts';
import { rememberedChannel, rememberedTrust } from '../stages/remembered-trust.ts';
import { installedTime } from '../stages/trust-input.ts';

/** A role, who speaks for it, and what the device has of it. */
export interface TrustedRole {
  readonly name: string;
  /** Ids of its keys. */
  readonly keys: readonly string[];
  /** How many of them have to sign. */
  readonly threshold: number;
  /** Of its metadata; undefined where the device has none. */
  readonly version: number | undefined;
  /** Seconds since 1970; undefined where the device has none of its metadata. */
  readonly expires: number | undefined;
}

/** The time by which metadata is judged, seconds since 1970. */
export interface TrustTime {
  readonly now: number;
  readonly clock: number;
  /** What says so: the clock, the repository's last timestamp, or the installed build, both of which are over for sure. */
  readonly source: 'clock' | 'timestamp' | 'build';
}

export interface TrustInfo {
  readonly product: string | undefined;
  /** Of the root that the device was installed with; undefined where its file is damaged. */
  readonly anchorVersion: number | undefined;
  readonly rootVersion: number;
  /** The roles that TUF has, the builds' keys, and the channels. */
  readonly roles: readonly TrustedRole[];
  readonly channel: string;
  /** Builds that the channel offered when it was asked last, oldest first, of its newest page. */
  readonly offered: readonly number[];
  readonly time: TrustTime;
  /** What expires first of all that an update needs. */
  readonly next: { readonly role: string; readonly expires: number };
}

/**
 * Whom the device trusts, for how long, and by which clock. Asks nobody.
 * @throws DeviceError `no-trust-anchor`; TrustError `bad-root`
 */
export function trustInfo(device: Device): TrustInfo {
  const set = rememberedTrust(device);
  const { channel } = device;
  const page = rememberedChannel(device, set, channel)?.page;
  const roles = [...topLevelRoles(set), ...delegatedRoles(set, channel, page)];
  const { root } = set;
  return {
    product: root.product,
    anchorVersion: device.trust.anchorVersion,
    rootVersion: root.version,
    roles,
    channel,
    offered: page === undefined ? [] : offersOf(page, channel).map(({ version }) => version),
    time: timeOf(set, installedTime(device)),
    next: firstToExpire(roles) ?? { role: 'root', expires: root.expires },
  };
}

interface Versioned {
  readonly version: number;
  readonly expires: number;
}

function topLevelRoles(set: TrustedSet): TrustedRole[] {
  return ROLES.map((name) => roleOf(name, set.root.roles[name], set[name]));
}

function delegatedRoles(
  { targets }: TrustedSet,
  channel: string,
  page: Versioned | undefined,
): TrustedRole[] {
  return (targets?.delegations ?? []).map(({ name, role }) =>
    roleOf(name, role, name === channel ? page : undefined),
  );
}

function roleOf(name: string, { keys, threshold }: RoleKeys, metadata: Versioned | undefined): TrustedRole {
  const { version, expires } = metadata ?? {};
  return { name, keys: [...keys.keys()], threshold, version, expires };
}

function timeOf({ clock, now }: TrustedSet, built: number | undefined): TrustTime {
  const source = now === clock ? 'clock' : now === built ? 'build' : 'timestamp';
  return { now, clock, source };
}

function firstToExpire(roles: readonly TrustedRole[]): TrustInfo['next'] | undefined {
  const known = roles.flatMap(({ name, expires }) =>
    expires === undefined ? [] : [{ role: name, expires }],
  );
  return known.sort((a, b) => a.expires - b.expires)[0];
}
