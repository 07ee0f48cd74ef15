import { changePolicy } from './change-policy.ts';
import { alignPages } from './channel-pages.ts';
import type { MetadataChange } from './metadata-change.ts';
import { MetadataError } from './metadata-error.ts';
import type { Policy } from './policy.ts';
import { type PolicyFields, readPolicy } from './read-policy.ts';
import type { RepositoryState } from './repository-state.ts';

/** What a change starts from. */
export interface ChangeBase {
  readonly state: RepositoryState;
  /** A change that waits for signatures; the next one goes on from it. */
  readonly prepared?: MetadataChange | undefined;
  /** When the change is made, seconds since 1970. */
  readonly time: number;
}

/** The policy as it is published. @throws MetadataError `bad-metadata-file` */
export function publishedPolicy(state: RepositoryState): Policy {
  return readPolicy(publishedFields(state));
}

/** The policy that holds when all that is prepared is signed. @throws MetadataError `bad-metadata-file` */
export function workingPolicy({ state, prepared }: ChangeBase): Policy {
  const { root, targets, channels } = publishedFields(state);
  return readPolicy({
    root: prepared?.root ?? root,
    targets: prepared?.targets ?? targets,
    channels: new Map([...channels, ...(prepared?.channels ?? [])]),
  });
}

/**
 * The change that makes `wanted` out of what is published; what is prepared stays in it. Pages of older builds get the keys of their
 * channel, whatever they had: a build that was offered while new keys waited has been written with the old ones.
 */
export function changeTo(wanted: Policy, base: ChangeBase, renew: Iterable<string> = []): MetadataChange {
  const { state, prepared, time } = base;
  return changePolicy(alignPages(wanted), {
    published: publishedPolicy(state),
    versionOf: (role) => publishedVersion(state, role),
    time,
    renew: new Set(renew),
    waiting: prepared && { change: prepared, policy: workingPolicy(base) },
  });
}

/** The roles that a change gives a new version. */
export function rolesOf(change: MetadataChange | undefined): string[] {
  if (change === undefined) return [];
  const { root, targets, channels } = change;
  return [...(root ? ['root'] : []), ...(targets ? ['targets'] : []), ...channels.keys()];
}

/** The published version of `role`, 0 where it has none. */
export function publishedVersion({ set }: RepositoryState, role: string): number {
  return role === 'root' ? set.root.version : (set.snapshot?.meta.get(role)?.version ?? 0);
}

function publishedFields({ set, roles }: RepositoryState): PolicyFields {
  if (set.targets === undefined) {
    throw new MetadataError('bad-metadata-file', 'the repository has no metadata of targets', {
      details: { role: 'targets' },
      hint: 'Restore metadata/ from a copy of the repository.',
    });
  }
  return {
    root: set.root.signed,
    targets: set.targets.signed,
    channels: new Map([...roles].map(([name, { signed }]) => [name, signed])),
  };
}
