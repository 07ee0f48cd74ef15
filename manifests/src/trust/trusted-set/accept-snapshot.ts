import { isSignedBy, parseEnvelope } from '../metadata/envelope.ts';
import { type FileMeta, hasHashes } from '../metadata/file-meta.ts';
import { readSnapshot, type Snapshot } from '../metadata/snapshot.ts';
import { ifTrusted } from './if-trusted.ts';
import { openEnvelope } from './open-envelope.ts';
import {
  checkExpiry,
  checkLimit,
  limitOf,
  mismatch,
  rollback,
  type TrustedSet,
  unsigned,
} from './trusted-set.ts';

/** The snapshot that the device stored in an earlier run, if the newest root's keys have signed it (TUF 5.3.11). */
export function rememberSnapshot(set: TrustedSet, bytes: Uint8Array | undefined): Snapshot | undefined {
  return ifTrusted(bytes, (stored) => verifySnapshot(set, stored));
}

/**
 * Whether the stored snapshot is one that the newest root's keys have not signed: they have been rotated (TUF 5.3.11). One that is
 * torn or missing is not void, so that nobody gains by a cut.
 */
export function isSnapshotVoid({ root }: TrustedSet, bytes: Uint8Array | undefined): boolean {
  const envelope = bytes === undefined ? undefined : parseEnvelope(bytes);
  return envelope?.signed._type === 'snapshot' && !isSignedBy(envelope, root.roles.snapshot);
}

/**
 * The set with the remembered snapshot, where that is just the one that the timestamp names and has not expired: then none is
 * fetched. Undefined otherwise.
 */
export function keepSnapshot(set: TrustedSet, remembered: Snapshot | undefined): TrustedSet | undefined {
  const meta = set.timestamp?.snapshot;
  if (meta === undefined || remembered === undefined) return undefined;
  return isAsAnnounced(remembered, meta) && remembered.expires > set.now
    ? { ...set, snapshot: remembered }
    : undefined;
}

/**
 * Takes the snapshot that the timestamp names.
 * @throws TrustError `metadata-mismatch`, `bad-metadata`, `unsigned-metadata`, `metadata-rollback`, `metadata-expired`
 */
export function acceptSnapshot(
  set: TrustedSet,
  bytes: Uint8Array,
  remembered: Snapshot | undefined,
): TrustedSet {
  const meta = set.timestamp?.snapshot;
  if (meta === undefined) throw new TypeError('a snapshot comes after a timestamp');
  checkAnnounced('snapshot', bytes, meta);
  const snapshot = verifySnapshot(set, bytes);
  checkVersion('snapshot', snapshot.version, meta.version);
  if (remembered !== undefined) checkRollback(snapshot, remembered);
  // 5.5.6
  checkExpiry('snapshot', snapshot.expires, set);
  return { ...set, snapshot };
}

/** Length and digests, before a byte of it is parsed (5.5.2, 5.6.2). */
export function checkAnnounced(role: string, bytes: Uint8Array, meta: FileMeta): void {
  checkLimit(role, bytes, limitOf(role));
  if (meta.length !== undefined && bytes.length !== meta.length)
    throw mismatch(role, `it has ${bytes.length} bytes, not ${meta.length}`);
  if (meta.hashes !== undefined && !hasHashes(bytes, meta.hashes))
    throw mismatch(role, 'it has another digest');
}

/** 5.5.4, 5.6.4 */
export function checkVersion(role: string, version: number, announced: number): void {
  if (version !== announced) throw mismatch(role, `it is version ${version}, not ${announced}`);
}

/** Whether metadata that is stored already is what is announced now. */
export function isAsAnnounced(
  { version, bytes }: { readonly version: number; readonly bytes: Uint8Array },
  meta: FileMeta,
): boolean {
  if (version !== meta.version || (meta.length !== undefined && meta.length !== bytes.length)) return false;
  return meta.hashes === undefined || hasHashes(bytes, meta.hashes);
}

/** 5.5.3 */
function verifySnapshot(set: TrustedSet, bytes: Uint8Array): Snapshot {
  const envelope = openEnvelope('snapshot', bytes);
  if (!isSignedBy(envelope, set.root.roles.snapshot)) throw unsigned('snapshot');
  return readSnapshot(envelope, bytes);
}

/** Whatever has been listed is still listed, with no lower version (5.5.5). */
function checkRollback(offered: Snapshot, seen: Snapshot): void {
  for (const [role, { version }] of seen.meta) {
    const now = offered.meta.get(role)?.version ?? 0;
    if (now < version) throw rollback(role, now, version);
  }
}
