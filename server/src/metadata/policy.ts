import {
  BUILD_ROLE,
  type DelegationInput,
  type KeysInput,
  keyIdOf,
  type RoleName,
  type TargetInput,
} from '@swupd/manifests/trust';

/** One file of a channel: descriptions of targets by path, and the page of older builds. */
export interface PolicyPage {
  readonly targets: Readonly<Record<string, TargetInput>>;
  readonly delegations: readonly DelegationInput[];
}

/** All that holders of keys decide: what the metadata of a repository say, without versions and dates. */
export interface Policy {
  readonly product: string | undefined;
  readonly roles: Readonly<Record<RoleName, KeysInput>>;
  /** Those of `targets`: the build keys, and the channels. */
  readonly delegations: readonly DelegationInput[];
  /** By role name. A channel that never offered anything has none. */
  readonly pages: ReadonlyMap<string, PolicyPage>;
}

/** The channels, in the order in which they were made. */
export function channelsOf({ delegations }: Pick<Policy, 'delegations'>): DelegationInput[] {
  return delegations.filter(({ name }) => name !== BUILD_ROLE);
}

/** Who signs the metadata of `role`; undefined where nobody delegates to it. */
export function signersOf(policy: Policy, role: string): KeysInput | undefined {
  if (role === 'root' || role === 'targets' || role === 'snapshot' || role === 'timestamp')
    return policy.roles[role];
  const delegators = [policy.delegations, ...[...policy.pages.values()].map((page) => page.delegations)];
  return delegators.flat().find(({ name }) => name === role);
}

/** The ids of the keys of a group, sorted; none where there is no group. */
export function keyIdsOf(group: KeysInput | undefined): string[] {
  return (group?.keys ?? []).map(keyIdOf).sort();
}
