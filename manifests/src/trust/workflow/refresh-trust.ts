import { LIMITS } from '@swupd/shared';
import { type KeyPolicy, PRODUCTION } from '../keys/key-policy.ts';
import { fileNameOf } from '../metadata/role-name.ts';
import type { Snapshot } from '../metadata/snapshot.ts';
import { TrustError } from '../trust-error.ts';
import { acceptRoot } from '../trusted-set/accept-root.ts';
import {
  acceptSnapshot,
  isSnapshotVoid,
  keepSnapshot,
  rememberSnapshot,
} from '../trusted-set/accept-snapshot.ts';
import { topLevelTargets } from '../trusted-set/accept-targets.ts';
import {
  acceptTimestamp,
  type Remembered,
  raiseClock,
  rememberTimestamp,
} from '../trusted-set/accept-timestamp.ts';
import { checkExpiry, limitOf, openTrust, type TrustedSet } from '../trusted-set/trusted-set.ts';
import { fetchAnnounced, fetchFile } from './fetch-announced.ts';
import { loadTargets } from './load-targets.ts';
import { rootName } from './metadata-name.ts';
import type { TrustRun } from './trust-run.ts';

export interface RefreshInput {
  /** The root that is trusted already: the one stored last, or the trust anchor. */
  readonly root: Uint8Array;
  /** Now, seconds since 1970. */
  readonly clock: number;
  /** A time that is known to be over, seconds since 1970. */
  readonly floor?: number;
  readonly policy?: KeyPolicy;
}

/**
 * The client workflow from the trusted root to the targets metadata (TUF 1.0.34, sections 5.1 to 5.6). Where nothing has
 * changed it asks the server for two files only: the root that might follow, and the timestamp.
 * @throws TrustError
 */
export function* refreshTrust({ policy = PRODUCTION, ...input }: RefreshInput): TrustRun<TrustedSet> {
  // 5.1, 5.2
  let set = openTrust({ ...input, policy });
  set = yield* walkRoots(set);
  // 5.3.11: what the newest root's keys have not signed is forgotten.
  const timestamp = rememberTimestamp(set, yield { kind: 'load', role: 'timestamp' });
  const stored = yield { kind: 'load', role: 'snapshot' };
  const snapshot = rememberSnapshot(set, stored);
  set = raiseClock(set, timestamp);
  // 5.3.10
  checkExpiry('root', set.root.expires, set);
  set = yield* renewTimestamp(set, { timestamp, isSnapshotVoid: isSnapshotVoid(set, stored) });
  set = yield* renewSnapshot(set, snapshot);
  // 5.6
  return yield* loadTargets(set, topLevelTargets(set));
}

/** 5.3: one root after the other, each kept before the next is asked for. */
export function* walkRoots(start: TrustedSet): TrustRun<TrustedSet> {
  let set = start;
  for (let step = 0; ; step++) {
    // 5.3.2, 5.3.3
    const version = set.root.version + 1;
    const name = rootName(version);
    const bytes = yield { kind: 'fetch', name, limit: limitOf('root'), role: 'root', version };
    // 5.3.9
    if (bytes === undefined) return set;
    if (step === LIMITS.rootSteps) throw tooManyRoots(set);
    // 5.3.4, 5.3.5
    set = acceptRoot(set, bytes);
    // 5.3.8
    yield { kind: 'save', role: 'root', bytes };
  }
}

/** 5.4 */
function* renewTimestamp(set: TrustedSet, remembered: Remembered): TrustRun<TrustedSet> {
  // 5.4.1
  const name = fileNameOf('timestamp');
  const limit = limitOf('timestamp');
  const bytes = yield* fetchFile({ name, limit, role: 'timestamp', version: undefined });
  const next = acceptTimestamp(set, bytes, remembered);
  // 5.4.5
  if (next.timestamp?.bytes === bytes) yield { kind: 'save', role: 'timestamp', bytes };
  return next;
}

/** 5.5 */
function* renewSnapshot(set: TrustedSet, remembered: Snapshot | undefined): TrustRun<TrustedSet> {
  const announced = set.timestamp?.snapshot;
  if (announced === undefined) throw new TypeError('a snapshot comes after a timestamp');
  const kept = keepSnapshot(set, remembered);
  if (kept !== undefined) return kept;
  // 5.5.1
  const bytes = yield* fetchAnnounced(set, 'snapshot', announced);
  const next = acceptSnapshot(set, bytes, remembered);
  // 5.5.7
  yield { kind: 'save', role: 'snapshot', bytes };
  return next;
}

function tooManyRoots({ root }: TrustedSet): TrustError {
  return new TrustError(
    'metadata-limit',
    `the chain of roots goes on after ${LIMITS.rootSteps} steps, at version ${root.version}`,
    {
      details: { role: 'root', version: root.version, limit: LIMITS.rootSteps },
      hint: 'The roots so far are kept. Run the command again to go on from there.',
    },
  );
}
