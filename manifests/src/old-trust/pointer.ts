import { type Digest, isDigest, LIMITS } from '@swupd/shared';
import { LAYOUT } from '../layout.ts';
import type { Json } from './canonical-json.ts';
import { type Envelope, isSignedBy, parseEnvelope, signEnvelope } from './envelope.ts';
import { isRecord } from './key.ts';
import { type Root, SPEC_VERSION } from './root.ts';
import { TrustError } from './trust-error.ts';
import { formatTime, parseTime } from './utc-time.ts';

/** What `timestamp.json` says: the newest build and the MoM that describes it. `manifests/spec/trust.md`. */
export interface Pointer {
  /** Counts the pointers of a repository; only grows. */
  readonly version: number;
  /** Seconds since 1970. */
  readonly expires: number;
  readonly release: ReleaseRef;
}

/** A build by its number and the bytes of its MoM. */
export interface ReleaseRef {
  readonly version: number;
  readonly digest: Digest;
  readonly size: number;
}

/** The bytes of `timestamp.json`, signed by the secret `seed` of the timestamp role. */
export function formatPointer(pointer: Pointer, seed: Uint8Array): Buffer {
  const { version, digest, size } = pointer.release;
  const signed = {
    _type: 'timestamp',
    spec_version: SPEC_VERSION,
    version: pointer.version,
    expires: formatTime(pointer.expires),
    meta: { [LAYOUT.mom(version)]: { version, length: size, hashes: { sha256: digest } } },
  };
  return signEnvelope(signed, [seed]);
}

/**
 * The pointer in `bytes`, if the root's timestamp keys have signed it. Expiry and rollback are for `checkPointer`.
 * @throws TrustError `bad-pointer`
 */
export function parsePointer(bytes: Uint8Array, root: Root): Pointer {
  const envelope = parseEnvelope(bytes);
  if (envelope === undefined) throw badPointer('it is no signed metadata');
  if (!isSignedBy(envelope, root.roles.timestamp)) {
    throw badPointer(
      'it is not signed by the keys of this trust anchor',
      'Check that the server is the one that your trust anchor belongs to.',
    );
  }
  const pointer = readPointer(envelope);
  if (pointer === undefined) throw badPointer('it is signed, but malformed');
  return pointer;
}

/** What a device knows when it meets a pointer. */
export interface PointerContext {
  readonly root: Root;
  /** The pointer that was trusted last. */
  readonly last: Pointer | undefined;
  /** Seconds since 1970. */
  readonly now: number;
}

/**
 * Refuses a pointer that is older than the last one, or expired (TUF 5.4.3, 5.4.4).
 * @throws TrustError `pointer-rollback`, `metadata-expired`
 */
export function checkPointer(pointer: Pointer, { root, last, now }: PointerContext): void {
  if (
    last !== undefined &&
    (pointer.version < last.version || pointer.release.version < last.release.version)
  ) {
    throw new TrustError(
      'pointer-rollback',
      `the server offers build ${pointer.release.version} (timestamp ${pointer.version}), older than build ${last.release.version} (timestamp ${last.version}), which this device has seen`,
      {
        details: { offered: pointer.release.version, seen: last.release.version },
        hint: 'The server or a mirror is out of date, or somebody replays old metadata. Try again later, or another mirror.',
      },
    );
  }
  const [what, expires] =
    root.expires < pointer.expires ? ['the trust anchor', root.expires] : ['timestamp.json', pointer.expires];
  if (expires > now) return;
  throw new TrustError(
    'metadata-expired',
    `${what} has expired on ${formatTime(expires)}; it is ${formatTime(now)} now`,
    {
      details: { expires: formatTime(expires), now: formatTime(now) },
      hint: 'Check the clock of this device. If it is right, the repository has to be signed anew; what is installed stays usable.',
    },
  );
}

function readPointer({ signed }: Envelope): Pointer | undefined {
  const expires = parseTime(signed.expires);
  const { _type, spec_version, version, meta } = signed;
  if (_type !== 'timestamp' || typeof spec_version !== 'string' || !spec_version.startsWith('1.'))
    return undefined;
  if (typeof version !== 'number' || version < 1 || expires === undefined || !isRecord(meta))
    return undefined;
  const [name, ...rest] = Object.keys(meta);
  const release = name === undefined || rest.length > 0 ? undefined : readRelease(name, meta[name]);
  return release === undefined ? undefined : { version, expires, release };
}

function readRelease(name: string, value: Json | undefined): ReleaseRef | undefined {
  if (!isRecord(value) || !isRecord(value.hashes)) return undefined;
  const { version, length, hashes } = value;
  const digest = hashes.sha256;
  if (typeof version !== 'number' || version < 1) return undefined;
  if (typeof length !== 'number' || length < 1 || length > LIMITS.mom) return undefined;
  if (typeof digest !== 'string' || !isDigest(digest) || name !== LAYOUT.mom(version)) return undefined;
  return { version, digest, size: length };
}

function badPointer(why: string, hint?: string): TrustError {
  return new TrustError(
    'bad-pointer',
    `timestamp.json can't be trusted: ${why}`,
    hint === undefined ? {} : { hint },
  );
}
