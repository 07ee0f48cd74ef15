import { keyIdOf } from '@swupd/manifests/trust';
import type { KeyRing } from '../keys/key-ring.ts';
import { KEY_ROLES, type KeyRole } from '../keys/key-role.ts';
import { groupOf } from '../metadata/key-roles.ts';
import type { Policy } from '../metadata/policy.ts';

/** The keys of a role and where they are. */
export interface RolePlaces {
  readonly role: KeyRole;
  readonly threshold: number;
  readonly keys: readonly {
    readonly keyId: string /** Undefined for a key that is elsewhere. */;
    readonly file: string | undefined;
  }[];
  /** Commands that sign for the role, with keys that are not known before they sign. */
  readonly signers: readonly string[];
}

/** Where the keys of each role are, as far as it can be seen from here. */
export function findKeys(policy: Policy, ring: KeyRing): RolePlaces[] {
  return KEY_ROLES.map((role) => {
    const { keys, threshold } = groupOf(policy, role);
    return {
      role,
      threshold,
      keys: keys.map((key) => {
        const keyId = keyIdOf(key);
        return { keyId, file: ring.secrets.find((secret) => secret.keyId === keyId)?.path };
      }),
      signers: ring.signers.filter((signer) => signer.role === role).map(({ command }) => command),
    };
  });
}

/** What is dangerous in where the keys are, a sentence each. */
export function keyWarnings(places: readonly RolePlaces[]): string[] {
  return places.flatMap(({ role, threshold, keys }) => {
    const here = keys.filter(({ file }) => file !== undefined).length;
    const isOffline = role === 'root' || role === 'release';
    return [
      ...(isOffline && threshold > 1 && here >= threshold
        ? [`${role}: ${here} keys lie in one folder; whoever reads it can sign alone`]
        : []),
      ...(isOffline && keys.length === threshold
        ? [
            `${role}: ${threshold === 1 ? 'its one key is' : `all ${threshold} keys are`} needed; one that is lost can't be replaced`,
          ]
        : []),
    ];
  });
}
