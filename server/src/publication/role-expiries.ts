import type { RepositoryState } from '../metadata/repository-state.ts';
import { lifeOf } from '../metadata/role-life.ts';

/** Until when the metadata of one role is good. Times in seconds since 1970. */
export interface RoleExpiry {
  readonly role: string;
  readonly version: number;
  readonly expires: number;
  /** From then on it should be signed anew: half of its life is over. */
  readonly renewFrom: number;
}

/** All published metadata, the next to be renewed first. */
export function roleExpiries({ set, roles }: RepositoryState): RoleExpiry[] {
  const { root, targets, snapshot, timestamp } = set;
  const files = [['root', root], ['targets', targets], ['snapshot', snapshot], ...roles] as const;
  const expiries = files.flatMap(([role, file]): RoleExpiry[] =>
    file === undefined
      ? []
      : [{ role, version: file.version, expires: file.expires, renewFrom: file.expires - lifeOf(role) / 2 }],
  );
  if (timestamp !== undefined) {
    const { version, expires, time = expires - lifeOf('timestamp') } = timestamp;
    expiries.push({ role: 'timestamp', version, expires, renewFrom: (time + expires) / 2 });
  }
  return expiries.sort((a, b) => a.renewFrom - b.renewFrom || (a.role < b.role ? -1 : 1));
}
