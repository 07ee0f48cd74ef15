import type { RepositoryState } from './repository-state.ts';

/**
 * When a change is made, seconds since 1970: what the clock shows, but never before the last timestamp was signed. A machine that
 * woke up in 1970 would otherwise publish what has expired long ago, and stop the updates of a fleet.
 */
export function notBefore({ set }: RepositoryState, clock: number): number {
  return Math.max(clock, set.timestamp?.time ?? 0);
}
