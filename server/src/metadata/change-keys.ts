import { type Json, keyIdOf } from '@swupd/manifests/trust';
import type { Digest } from '@swupd/shared';
import { KEY_ROLES, type KeyRole } from '../keys/key-role.ts';
import { findKey, groupOf, withGroup } from './key-roles.ts';
import type { MetadataChange } from './metadata-change.ts';
import { MetadataError } from './metadata-error.ts';
import type { Policy } from './policy.ts';
import { type ChangeBase, changeTo, workingPolicy } from './working-policy.ts';

export interface Rotation {
  readonly role: KeyRole;
  /** Ids of the keys that go. */
  readonly replace: readonly Digest[];
  /** The keys that come, TUF key objects. */
  readonly add: readonly Json[];
  /** How many have to sign then; as before where it is not given. */
  readonly threshold?: number | undefined;
}

/**
 * Other keys for a role, or another threshold. What the role has signed is signed again, by its keys after that.
 * @throws MetadataError `unknown-key`, `key-in-use`, `threshold-unreachable`
 */
export function rotateKeys(base: ChangeBase, rotation: Rotation): MetadataChange {
  const { role, replace, add } = rotation;
  const policy = workingPolicy(base);
  const { keys, threshold: before } = groupOf(policy, role);
  const threshold = rotation.threshold ?? before;
  for (const id of replace) {
    if (!keys.some((key) => keyIdOf(key) === id)) throw notOfRole(id, role);
  }
  for (const key of add) checkNew(policy, key);
  const left = [...keys.filter((key) => !replace.includes(keyIdOf(key))), ...add];
  if (left.length < threshold) throw unreachable(role, left.length, threshold);
  return changeTo(withGroup(policy, role, { keys: left, threshold }), base);
}

/**
 * Takes a key out of every role that has it.
 * @throws MetadataError `unknown-key`, `threshold-unreachable` where too few keys would be left
 */
export function revokeKey(base: ChangeBase, keyId: string): MetadataChange {
  const policy = workingPolicy(base);
  const { id, roles } = findKey(policy, keyId);
  const wanted = roles.reduce((before, role) => {
    const { keys, threshold } = groupOf(before, role);
    const left = keys.filter((key) => keyIdOf(key) !== id);
    if (left.length < threshold) throw unreachable(role, left.length, threshold);
    return withGroup(before, role, { keys: left, threshold });
  }, policy);
  return changeTo(wanted, base);
}

function checkNew(policy: Policy, key: Json): void {
  const id = keyIdOf(key);
  const role = KEY_ROLES.find((name) => groupOf(policy, name).keys.some((known) => keyIdOf(known) === id));
  if (role === undefined) return;
  throw new MetadataError('key-in-use', `the key ${id} signs for ${role} already`, {
    details: { key: id, role },
    hint: "Each role has keys of its own. Make a new one with 'swupd-server keys generate'.",
  });
}

function notOfRole(id: Digest, role: KeyRole): MetadataError {
  return new MetadataError('unknown-key', `the key ${id} is none of ${role}`, {
    details: { key: id, role },
    hint: "'swupd-server keys list REPO' shows the keys of each role.",
  });
}

function unreachable(role: KeyRole, left: number, threshold: number): MetadataError {
  return new MetadataError(
    'threshold-unreachable',
    `${role} needs ${threshold} signatures, and would have ${left} ${left === 1 ? 'key' : 'keys'}`,
    {
      details: { role, left, threshold },
      hint: `Put another key in its place: swupd-server keys rotate REPO ${role} --replace KEYID`,
    },
  );
}
