import { findChannel, pagesOf } from './channel-pages.ts';
import type { MetadataChange } from './metadata-change.ts';
import { MetadataError } from './metadata-error.ts';
import type { Policy } from './policy.ts';
import type { RepositoryState } from './repository-state.ts';
import { isPastHalf } from './role-life.ts';
import { type ChangeBase, changeTo, workingPolicy } from './working-policy.ts';

/**
 * New versions that say the same for longer: of `roles` (`root`, `targets`, a channel with all its pages), or of everything
 * whose life is half over where none is named.
 * @throws MetadataError `unknown-channel`, `nothing-to-renew`
 */
export function renewRoles(base: ChangeBase, roles: readonly string[]): MetadataChange {
  const policy = workingPolicy(base);
  const renewed =
    roles.length === 0 ? ageingRoles(base.state, base.time) : roles.flatMap((role) => expand(policy, role));
  return changeTo(policy, base, renewed);
}

/** Root, targets, channels and pages whose life is half over. */
export function ageingRoles({ set, roles }: RepositoryState, now: number): string[] {
  const all = [['root', set.root], ['targets', set.targets], ...roles] as const;
  return all.flatMap(([role, metadata]) =>
    metadata !== undefined && isPastHalf(role, metadata.expires, now) ? [role] : [],
  );
}

function expand(policy: Policy, role: string): string[] {
  if (role === 'root' || role === 'targets') return [role];
  if (role === 'snapshot' || role === 'timestamp') {
    throw new MetadataError('nothing-to-renew', `${role} is renewed with each change, and by a timer`, {
      details: { role },
      hint: "Run 'swupd-server timestamp REPO'.",
    });
  }
  findChannel(policy, role);
  const pages = pagesOf(policy, role);
  if (pages.length > 0) return pages;
  throw new MetadataError('nothing-to-renew', `'${role}' offers nothing, so it has no metadata`, {
    details: { role },
    hint: 'Offer a build on it first.',
  });
}
