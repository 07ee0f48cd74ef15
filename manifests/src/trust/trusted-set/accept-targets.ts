import type { RoleKeys } from '../keys/role-keys.ts';
import { isSignedBy } from '../metadata/envelope.ts';
import type { FileMeta } from '../metadata/file-meta.ts';
import { readTargets, type Targets } from '../metadata/targets.ts';
import { TrustError } from '../trust-error.ts';
import { checkAnnounced, checkVersion, isAsAnnounced } from './accept-snapshot.ts';
import { ifTrusted } from './if-trusted.ts';
import { openEnvelope } from './open-envelope.ts';
import { checkExpiry, delegatedKey, type TrustedSet, unsigned } from './trusted-set.ts';

/** A role with targets, and who lets it speak; the role `targets` itself has the root for that. */
export interface TargetsRole {
  readonly name: string;
  readonly delegator: string;
  readonly keys: RoleKeys;
}

export function topLevelTargets({ root }: TrustedSet): TargetsRole {
  return { name: 'targets', delegator: 'root', keys: root.roles.targets };
}

/** What the set trusts of the role for that delegator. */
export function trustedTargets(set: TrustedSet, { name, delegator }: TargetsRole): Targets | undefined {
  return delegator === 'root' ? set.targets : set.delegated.get(delegatedKey(delegator, name));
}

/** What the snapshot says of the role. @throws TrustError `metadata-missing` */
export function announcedTargets({ snapshot }: TrustedSet, { name }: TargetsRole): FileMeta {
  if (snapshot === undefined) throw new TypeError('targets come after a snapshot');
  const meta = snapshot.meta.get(name);
  if (meta !== undefined) return meta;
  throw new TrustError('metadata-missing', `the snapshot does not list ${JSON.stringify(name)}`, {
    details: { role: name },
    hint: 'The server is between two states, or the repository is incomplete. Try again later.',
  });
}

/**
 * The set with targets metadata that the device has stored already, where it is just what the snapshot names, and this
 * delegator's keys have signed it; undefined otherwise.
 */
export function keepTargets(
  set: TrustedSet,
  role: TargetsRole,
  bytes: Uint8Array | undefined,
): TrustedSet | undefined {
  return ifTrusted(bytes, (stored) => {
    const targets = verifyTargets(set, role, stored);
    const isCurrent = isAsAnnounced(targets, announcedTargets(set, role)) && targets.expires > set.now;
    return isCurrent ? withTargets(set, role, targets) : undefined;
  });
}

/**
 * Takes the targets metadata that the snapshot names.
 * @throws TrustError `metadata-missing`, `metadata-mismatch`, `bad-metadata`, `unsigned-metadata`, `metadata-expired`
 */
export function acceptTargets(set: TrustedSet, role: TargetsRole, bytes: Uint8Array): TrustedSet {
  const meta = announcedTargets(set, role);
  checkAnnounced(role.name, bytes, meta);
  const targets = verifyTargets(set, role, bytes);
  checkVersion(role.name, targets.version, meta.version);
  // 5.6.5
  checkExpiry(role.name, targets.expires, set);
  return withTargets(set, role, targets);
}

/** 5.6.3 */
function verifyTargets({ policy }: TrustedSet, { name, keys }: TargetsRole, bytes: Uint8Array): Targets {
  const envelope = openEnvelope(name, bytes);
  if (!isSignedBy(envelope, keys)) throw unsigned(name);
  return readTargets(envelope, { bytes, role: name, policy });
}

function withTargets(set: TrustedSet, { name, delegator }: TargetsRole, targets: Targets): TrustedSet {
  if (delegator === 'root') return { ...set, targets };
  return { ...set, delegated: new Map(set.delegated).set(delegatedKey(delegator, name), targets) };
}
