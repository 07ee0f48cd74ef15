import { LIMITS } from '@swupd/shared';
import { covers, type Delegation } from '../metadata/delegation.ts';
import type { TargetFile, Targets } from '../metadata/targets.ts';
import { TrustError } from '../trust-error.ts';
import { type TargetsRole, topLevelTargets, trustedTargets } from '../trusted-set/accept-targets.ts';
import type { TrustedSet } from '../trusted-set/trusted-set.ts';
import { loadTargets } from './load-targets.ts';
import type { TrustRun } from './trust-run.ts';

export interface FoundTarget {
  readonly set: TrustedSet;
  /** Undefined where no role that may do so names the path. */
  readonly target: TargetFile | undefined;
}

/**
 * Looks for the file `path`, role by role: each before those that it delegates to, and those in their order, none twice; behind
 * a terminating delegation that covers the path nobody else is asked (TUF 5.6.7).
 * @throws TrustError `metadata-limit`, and what loading a role throws
 */
export function* findTarget(start: TrustedSet, path: string): TrustRun<FoundTarget> {
  let set = start;
  const visited = new Set<string>();
  let waiting: TargetsRole[] = [topLevelTargets(set)];
  for (let role = waiting.pop(); role !== undefined; role = waiting.pop()) {
    if (visited.has(role.name)) continue;
    // 5.6.7.1: the role `targets` does not count.
    if (visited.size > LIMITS.delegatedRoles) throw tooManyRoles(path);
    visited.add(role.name);
    set = yield* loadTargets(set, role);
    const targets = trustedTargets(set, role);
    const target = targets?.targets.get(path);
    if (target !== undefined) return { set, target };
    const next = delegationsFor(targets, path);
    // 5.6.7.2.1
    if (next.at(-1)?.terminating === true) waiting = [];
    const { name: delegator } = role;
    waiting.push(...next.map(({ name, role: keys }) => ({ name, delegator, keys })).reverse());
  }
  return { set, target: undefined };
}

/** The delegations to ask for `path`, in their order, up to a terminating one. */
function delegationsFor(targets: Targets | undefined, path: string): Delegation[] {
  const matching = targets?.delegations.filter((delegation) => covers(delegation, path)) ?? [];
  const last = matching.findIndex(({ terminating }) => terminating);
  return last < 0 ? matching : matching.slice(0, last + 1);
}

function tooManyRoles(path: string): TrustError {
  return new TrustError(
    'metadata-limit',
    `looking for ${JSON.stringify(path)} leads through more than ${LIMITS.delegatedRoles} roles`,
    {
      details: { path, limit: LIMITS.delegatedRoles },
      hint: 'The repository has to be arranged with fewer delegations.',
    },
  );
}
