import { PRODUCTION } from '../keys/key-policy.ts';
import { keepSnapshot, rememberSnapshot } from '../trusted-set/accept-snapshot.ts';
import { keepTargets, topLevelTargets } from '../trusted-set/accept-targets.ts';
import { raiseClock, rememberTimestamp } from '../trusted-set/accept-timestamp.ts';
import { openTrust, type TrustedSet } from '../trusted-set/trusted-set.ts';
import type { RefreshInput } from './refresh-trust.ts';
import type { TrustRun } from './trust-run.ts';

/**
 * What the store vouches for by itself, expired or not, as far as it goes: nothing is fetched, and nothing refused but the root.
 * For showing it, not for updates. `now` tells the time that an update would be judged by.
 * @throws TrustError `bad-root`
 */
export function* rememberTrust({ policy = PRODUCTION, ...input }: RefreshInput): TrustRun<TrustedSet> {
  const opened = openTrust({ ...input, policy });
  const timestamp = rememberTimestamp(opened, yield { kind: 'load', role: 'timestamp' });
  const { now } = raiseClock(opened, timestamp);
  if (timestamp === undefined) return opened;
  // Nothing expires before the epoch.
  let set: TrustedSet = { ...opened, timestamp, now: 0 };
  set = keepSnapshot(set, rememberSnapshot(set, yield { kind: 'load', role: 'snapshot' })) ?? set;
  if (set.snapshot?.meta.has('targets') === true)
    set = keepTargets(set, topLevelTargets(set), yield { kind: 'load', role: 'targets' }) ?? set;
  return { ...set, now };
}
