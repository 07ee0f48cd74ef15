import { BUILD_ROLE, type Json, type KeysInput, keyIdOf } from '@swupd/manifests/trust';
import type { Digest } from '@swupd/shared';
import { KEY_ROLES, type KeyRole } from '../keys/key-role.ts';
import { MetadataError } from './metadata-error.ts';
import { channelsOf, type Policy, type PolicyPage } from './policy.ts';

/** @throws MetadataError `unknown-role` */
export function parseKeyRole(text: string): KeyRole {
  if (text === 'targets') return 'root';
  const role = KEY_ROLES.find((name) => name === text);
  if (role !== undefined) return role;
  throw new MetadataError('unknown-role', `there is no role '${text}' that has keys`, {
    details: { role: text },
    hint: `The roles are ${KEY_ROLES.join(', ')}.`,
  });
}

/** The keys of a role. @throws MetadataError `unknown-role` for a repository of another make that lacks it */
export function groupOf(policy: Policy, role: KeyRole): KeysInput {
  const found =
    role === 'release' || role === 'build'
      ? (role === 'build'
          ? policy.delegations.filter(({ name }) => name === BUILD_ROLE)
          : channelsOf(policy))[0]
      : policy.roles[role];
  if (found !== undefined) return { keys: found.keys, threshold: found.threshold };
  throw new MetadataError('unknown-role', `the repository has no ${role} keys`, {
    details: { role },
    hint: 'It was not founded by this program.',
  });
}

/** `policy` with other keys for a role, wherever they sign. */
export function withGroup(policy: Policy, role: KeyRole, group: KeysInput): Policy {
  switch (role) {
    case 'root':
      return { ...policy, roles: { ...policy.roles, root: group, targets: group } };
    case 'snapshot':
    case 'timestamp':
      return { ...policy, roles: { ...policy.roles, [role]: group } };
    case 'build':
      return {
        ...policy,
        delegations: policy.delegations.map((item) =>
          item.name === BUILD_ROLE ? { ...item, ...group } : item,
        ),
      };
    case 'release':
      return {
        ...policy,
        delegations: policy.delegations.map((item) =>
          item.name === BUILD_ROLE ? item : { ...item, ...group },
        ),
        pages: new Map([...policy.pages].map(([name, page]) => [name, withPageKeys(page, group)])),
      };
  }
}

/** A key and the roles that it signs for. */
export interface FoundKey {
  readonly id: Digest;
  readonly key: Json;
  readonly roles: readonly KeyRole[];
}

const SHORTEST = 8;

/** The key whose id is `text` or begins so. @throws MetadataError `unknown-key` */
export function findKey(policy: Policy, text: string): FoundKey {
  const all = new Map<Digest, { key: Json; roles: KeyRole[] }>();
  for (const role of KEY_ROLES) {
    for (const key of groupOf(policy, role).keys) {
      const id = keyIdOf(key);
      if (!id.startsWith(text) || text.length < SHORTEST) continue;
      const known = all.get(id);
      if (known === undefined) all.set(id, { key, roles: [role] });
      else known.roles.push(role);
    }
  }
  const [found, ...others] = all;
  if (found !== undefined && others.length === 0) return { id: found[0], ...found[1] };
  throw new MetadataError(
    'unknown-key',
    others.length > 0 ? `several keys begin with '${text}'` : `no role has the key '${text}'`,
    {
      details: { key: text },
      hint: `'swupd-server keys list REPO' shows the key ids; ${SHORTEST} digits are enough where they are unique.`,
    },
  );
}

function withPageKeys(page: PolicyPage, group: KeysInput): PolicyPage {
  return { ...page, delegations: page.delegations.map((item) => ({ ...item, ...group })) };
}
