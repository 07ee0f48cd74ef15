import { LIMITS } from '@swupd/shared';
import type { KeyPolicy } from '../keys/key-policy.ts';
import type { Root } from '../metadata/root.ts';
import type { Snapshot } from '../metadata/snapshot.ts';
import type { Targets } from '../metadata/targets.ts';
import type { Timestamp } from '../metadata/timestamp.ts';
import { formatTime } from '../metadata/utc-time.ts';
import { TrustError } from '../trust-error.ts';
import { parseRoot } from './parse-root.ts';

/**
 * What is trusted at one moment of the client workflow (TUF 1.0.34, section 5). A value: each step takes a set and bytes that
 * anybody may have written, and gives the next set or throws. No step reads a clock or does anything.
 */
export interface TrustedSet {
  readonly policy: KeyPolicy;
  /** What the clock showed when the run began, seconds since 1970. */
  readonly clock: number;
  /** The time by which all of the run is judged: the larger of the clock and what is known to be over. */
  readonly now: number;
  readonly root: Root;
  readonly timestamp: Timestamp | undefined;
  readonly snapshot: Snapshot | undefined;
  /** Of the role `targets`. */
  readonly targets: Targets | undefined;
  /** By `delegatedKey`: the same role may be trusted for one delegator and not for another. */
  readonly delegated: ReadonlyMap<string, Targets>;
}

export interface TrustInput {
  /** The root that is trusted already. */
  readonly root: Uint8Array;
  /** Seconds since 1970. */
  readonly clock: number;
  /** A time that is known to be over, seconds since 1970. */
  readonly floor?: number;
  readonly policy: KeyPolicy;
}

/**
 * The set that trusts a root and nothing else (TUF 5.1, 5.2). The root may have expired: it has to lead to the next only.
 * @throws TrustError `bad-root`
 */
export function openTrust({ root, clock, floor = clock, policy }: TrustInput): TrustedSet {
  return {
    policy,
    clock,
    now: Math.max(clock, floor),
    root: parseRoot(root, policy),
    timestamp: undefined,
    snapshot: undefined,
    targets: undefined,
    delegated: new Map(),
  };
}

/** Names a delegated role together with who delegates to it. */
export function delegatedKey(delegator: string, role: string): string {
  return JSON.stringify([delegator, role]);
}

/** @throws TrustError `metadata-expired` */
export function checkExpiry(role: string, expires: number, { now, clock }: TrustedSet): void {
  if (expires > now) return;
  const asked = now > clock ? ` (the clock shows ${formatTime(clock)}, which is over)` : '';
  throw new TrustError(
    'metadata-expired',
    `${role}.json has expired on ${formatTime(expires)}; it is ${formatTime(now)} now${asked}`,
    {
      details: { role, expires: formatTime(expires), now: formatTime(now), clock: formatTime(clock) },
      hint: 'Check the clock of this device. If it is right, the repository has to be signed anew. What is installed can still be verified, repaired, removed and rolled back.',
    },
  );
}

/** More bytes than the role's metadata can have are not even parsed. @throws TrustError `metadata-mismatch` */
export function checkLimit(role: string, bytes: Uint8Array, limit: number): void {
  if (bytes.length <= limit) return;
  throw mismatch(role, `it is longer than ${limit} bytes`);
}

export function mismatch(role: string, why: string): TrustError {
  return new TrustError('metadata-mismatch', `${role}.json is not what was announced: ${why}`, {
    details: { role },
    hint: 'The server is between two states, or a mirror is broken. Try again later.',
  });
}

export function unsigned(role: string): TrustError {
  return new TrustError(
    'unsigned-metadata',
    `${role}.json is not signed by enough of the keys that speak for '${role}'`,
    {
      details: { role },
      hint: 'Check that the server is the one that your trust anchor belongs to.',
    },
  );
}

export function rollback(role: string, offered: number, seen: number): TrustError {
  return new TrustError(
    'metadata-rollback',
    `the server offers version ${offered} of ${role}.json; this device has seen version ${seen}`,
    {
      details: { role, offered, seen },
      hint: 'The server or a mirror is out of date, or somebody replays old metadata. Try again later, or another mirror.',
    },
  );
}

/** Bytes that metadata without an announced length may have. */
export function limitOf(role: string): number {
  if (role === 'root') return LIMITS.rootFile;
  return role === 'timestamp' ? LIMITS.timestampFile : LIMITS.metadataFile;
}
