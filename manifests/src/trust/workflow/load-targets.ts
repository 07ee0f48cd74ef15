import {
  acceptTargets,
  announcedTargets,
  keepTargets,
  type TargetsRole,
  trustedTargets,
} from '../trusted-set/accept-targets.ts';
import type { TrustedSet } from '../trusted-set/trusted-set.ts';
import { fetchAnnounced } from './fetch-announced.ts';
import type { TrustRun } from './trust-run.ts';

/**
 * The set with the metadata of one role (TUF 5.6): what is trusted, what the store has, or what the server gives. The store has
 * one file a role, whoever delegates to it; it is verified against this delegator each time.
 */
export function* loadTargets(set: TrustedSet, role: TargetsRole): TrustRun<TrustedSet> {
  if (trustedTargets(set, role) !== undefined) return set;
  const { name } = role;
  const announced = announcedTargets(set, role);
  const kept = keepTargets(set, role, yield { kind: 'load', role: name });
  if (kept !== undefined) return kept;
  // 5.6.1
  const bytes = yield* fetchAnnounced(set, name, announced);
  const next = acceptTargets(set, role, bytes);
  // 5.6.6
  yield { kind: 'save', role: name, bytes };
  return next;
}
