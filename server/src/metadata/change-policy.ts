import {
  canonicalJson,
  type DelegationInput,
  type Json,
  rootFields,
  type SignedFields,
  targetsFields,
} from '@swupd/manifests/trust';
import type { MetadataChange } from './metadata-change.ts';
import { type Policy, signersOf } from './policy.ts';
import { ROLE_LIFE } from './role-life.ts';

export interface ChangeOptions {
  /** What is published; undefined for a repository that is founded. */
  readonly published: Policy | undefined;
  /** The published version of a role, 0 where it has none. */
  readonly versionOf: (role: string) => number;
  /** When the change is made, seconds since 1970. */
  readonly time: number;
  /** Roles that get a new version although they say the same. */
  readonly renew?: ReadonlySet<string>;
}

/**
 * What has to be signed so that `wanted` holds: each role that says something else than before, or is to be signed by other
 * keys, one version above what is published.
 */
export function changePolicy(wanted: Policy, options: ChangeOptions): MetadataChange {
  const { published, versionOf, time, renew } = options;
  const version = (role: string): number => versionOf(role) + 1;
  const changed = (role: string): boolean =>
    renew?.has(role) === true ||
    published === undefined ||
    digestOf(published, role) !== digestOf(wanted, role);
  const channels = [...wanted.pages].filter(([name]) => changed(name));
  return {
    ...(changed('root') ? { root: rootOf(wanted, version('root'), time) } : {}),
    ...(changed('targets')
      ? {
          targets: targetsFields({
            version: version('targets'),
            expires: time + ROLE_LIFE.targets,
            delegations: wanted.delegations,
          }),
        }
      : {}),
    channels: new Map(
      channels.map(([name, page]) => [
        name,
        targetsFields({
          version: version(name),
          expires: time + ROLE_LIFE.channel,
          targets: page.targets,
          ...withDelegations(page.delegations),
        }),
      ]),
    ),
  };
}

function rootOf({ product, roles }: Policy, version: number, time: number): SignedFields {
  return rootFields({
    version,
    expires: time + ROLE_LIFE.root,
    ...(product === undefined ? {} : { product }),
    roles,
  });
}

function withDelegations(delegations: readonly DelegationInput[]): {
  delegations?: readonly DelegationInput[];
} {
  return delegations.length === 0 ? {} : { delegations };
}

/** All that has to be the same for a role's signed bytes to go on. */
function digestOf(policy: Policy, role: string): string {
  const signers = signersOf(policy, role) as unknown as Json;
  const says = saidBy(policy, role) as unknown as Json;
  return canonicalJson([signers ?? null, says ?? null]).toString();
}

function saidBy({ product, roles, delegations, pages }: Policy, role: string): unknown {
  if (role === 'root') return { product: product ?? null, roles };
  return role === 'targets' ? delegations : pages.get(role);
}
