import { KeyRing, type KeyRingOptions } from '../keys/key-ring.ts';
import { notBefore } from '../metadata/not-before.ts';
import type { RepositoryState } from '../metadata/repository-state.ts';
import { publishChange } from './publish-change.ts';
import { type RoleExpiry, roleExpiries } from './role-expiries.ts';
import { withRepository } from './with-repository.ts';

export interface RefreshOptions {
  readonly repository: string;
  readonly keys: KeyRingOptions;
  /** Seconds since 1970. */
  readonly time: number;
  /** For how long devices may trust the timestamp, seconds. */
  readonly life: number;
  readonly pid: number;
}

export interface Refreshed {
  readonly state: RepositoryState;
  /** As of when it was signed, seconds since 1970: later than the clock where that is behind the last timestamp. */
  readonly time: number;
  /** Roles that were past half of their life before: the timer runs too seldom, or somebody has to sign. */
  readonly late: readonly RoleExpiry[];
}

/**
 * Signs a new timestamp, and a new snapshot when half of its life is over: for a timer.
 * @throws BuildError `not-a-repository`, `build-running`; KeyError `keys-missing`
 */
export function refreshTimestamp({ repository, keys, time: clock, life, pid }: RefreshOptions): Refreshed {
  return withRepository(repository, pid, (state) => {
    const time = notBefore(state, clock);
    const ring = KeyRing.open(keys);
    const publication = publishChange({ channels: new Map() }, { repository, state, ring, time, life });
    if (publication.kind !== 'published') throw new TypeError('a change of nothing needs nobody');
    const late = roleExpiries(state).filter(({ role, renewFrom }) => role !== 'snapshot' && renewFrom < time);
    return { state: publication.state, time, late };
  });
}
