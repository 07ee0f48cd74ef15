import { isSignedBy } from '../metadata/envelope.ts';
import { readTimestamp, type Timestamp } from '../metadata/timestamp.ts';
import { wrongProduct } from './accept-root.ts';
import { ifTrusted } from './if-trusted.ts';
import { openEnvelope } from './open-envelope.ts';
import { checkExpiry, checkLimit, limitOf, rollback, type TrustedSet, unsigned } from './trusted-set.ts';

/**
 * The timestamp that the device stored in an earlier run, if the newest root's keys have signed it. After a rotation of the keys
 * they have not: then nothing is remembered, and versions that a thief had raised count no more (TUF 5.3.11). It may have
 * expired; it still says which versions have been seen, and which time is over.
 */
export function rememberTimestamp(set: TrustedSet, bytes: Uint8Array | undefined): Timestamp | undefined {
  return ifTrusted(bytes, (stored) => verifyTimestamp(set, stored));
}

/** Fixes the time of the run: nothing that was signed later than the clock shows can be from the future (TUF 5.1). */
export function raiseClock(set: TrustedSet, remembered: Timestamp | undefined): TrustedSet {
  return { ...set, now: Math.max(set.now, remembered?.time ?? 0) };
}

/** What the device has seen in earlier runs. */
export interface Remembered {
  /** Where the newest root's keys have signed it. */
  readonly timestamp: Timestamp | undefined;
  /** See `isSnapshotVoid`. */
  readonly isSnapshotVoid: boolean;
}

/**
 * Takes the timestamp that the server offers, or keeps the remembered one where both have the same version.
 * @throws TrustError `bad-metadata`, `unsigned-metadata`, `wrong-product`, `metadata-rollback`, `metadata-expired`
 */
export function acceptTimestamp(set: TrustedSet, bytes: Uint8Array, remembered: Remembered): TrustedSet {
  const offered = verifyTimestamp(set, bytes);
  const timestamp = remembered.timestamp?.version === offered.version ? remembered.timestamp : offered;
  checkRollback(timestamp, remembered);
  // 5.4.4
  checkExpiry('timestamp', timestamp.expires, set);
  return { ...set, timestamp };
}

/** 5.4.2 */
function verifyTimestamp(set: TrustedSet, bytes: Uint8Array): Timestamp {
  checkLimit('timestamp', bytes, limitOf('timestamp'));
  const envelope = openEnvelope('timestamp', bytes);
  if (!isSignedBy(envelope, set.root.roles.timestamp)) throw unsigned('timestamp');
  const timestamp = readTimestamp(envelope, bytes);
  if (timestamp.product !== set.root.product)
    throw wrongProduct('timestamp', timestamp.product, set.root.product);
  return timestamp;
}

/**
 * 5.4.3. What the last timestamp said of the snapshot counts until the snapshot's keys have been rotated: then versions that a
 * thief had raised are forgotten (5.3.11).
 */
function checkRollback(offered: Timestamp, { timestamp, isSnapshotVoid }: Remembered): void {
  if (timestamp === undefined) return;
  if (offered.version < timestamp.version) throw rollback('timestamp', offered.version, timestamp.version);
  if (!isSnapshotVoid && offered.snapshot.version < timestamp.snapshot.version)
    throw rollback('snapshot', offered.snapshot.version, timestamp.snapshot.version);
}
