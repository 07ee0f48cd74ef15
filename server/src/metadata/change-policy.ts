import {
  canonicalJson,
  type Json,
  rootFields,
  type SignedFields,
  targetsFields,
} from '@swupd/manifests/trust';
import type { MetadataChange } from './metadata-change.ts';
import { type Policy, signersOf } from './policy.ts';
import { lifeOf } from './role-life.ts';

export interface ChangeOptions {
  /** What is published; undefined for a repository that is founded. */
  readonly published: Policy | undefined;
  /** The published version of a role, 0 where it has none. */
  readonly versionOf: (role: string) => number;
  /** When the change is made, seconds since 1970. */
  readonly time: number;
  /** Roles that get a new version although they say the same. */
  readonly renew?: ReadonlySet<string>;
  /** A change that waits already. What it says of a role, and is still wanted, stays as it is: it may be signed. */
  readonly waiting?: { readonly change: MetadataChange; readonly policy: Policy } | undefined;
}

/**
 * What has to be signed so that `wanted` holds: each role that says something else than before, or is to be signed by other
 * keys, one version above what is published.
 */
export function changePolicy(wanted: Policy, options: ChangeOptions): MetadataChange {
  const fieldsOf = (role: string): SignedFields | undefined => {
    const waiting = waitingFields(role, wanted, options);
    if (waiting !== undefined) return waiting;
    if (!hasChanged(role, wanted, options)) return undefined;
    const version = options.versionOf(role) + 1;
    return writeFields(role, wanted, { version, expires: options.time + lifeOf(role) });
  };
  const [root, targets] = [fieldsOf('root'), fieldsOf('targets')];
  const channels = [...wanted.pages.keys()].flatMap((role) => {
    const fields = fieldsOf(role);
    return fields === undefined ? [] : [[role, fields] as const];
  });
  return {
    ...(root === undefined ? {} : { root }),
    ...(targets === undefined ? {} : { targets }),
    channels: new Map(channels),
  };
}

/** What waits already, where it is still wanted. */
function waitingFields(
  role: string,
  wanted: Policy,
  { waiting, renew }: ChangeOptions,
): SignedFields | undefined {
  if (waiting === undefined || renew?.has(role) === true) return undefined;
  if (digestOf(waiting.policy, role) !== digestOf(wanted, role)) return undefined;
  const { root, targets, channels } = waiting.change;
  if (role === 'root') return root;
  return role === 'targets' ? targets : channels.get(role);
}

function hasChanged(role: string, wanted: Policy, { published, renew }: ChangeOptions): boolean {
  if (published === undefined || renew?.has(role) === true) return true;
  return digestOf(published, role) !== digestOf(wanted, role);
}

/** The signed part of a role's metadata that says what the policy does; `expires` in seconds since 1970. */
export function writeFields(
  role: string,
  { product, roles, delegations, pages }: Policy,
  dated: { readonly version: number; readonly expires: number },
): SignedFields {
  if (role === 'root') return rootFields({ ...dated, ...(product === undefined ? {} : { product }), roles });
  if (role === 'targets') return targetsFields({ ...dated, delegations });
  const page = pages.get(role) ?? { targets: {}, delegations: [] };
  const { targets } = page;
  // An empty list of delegations would be allowed; none is shorter.
  return targetsFields({
    ...dated,
    targets,
    ...(page.delegations.length === 0 ? {} : { delegations: page.delegations }),
  });
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
