import { TrustError } from '../trust-error.ts';
import type { Envelope, SignedFields } from './envelope.ts';
import { titleOf } from './role-name.ts';
import { parseTime } from './utc-time.ts';

/** What all metadata has. TUF 1.0.34, section 4.3. */
export interface Metadata {
  /** The file as it was received. */
  readonly bytes: Uint8Array;
  readonly version: number;
  /** Seconds since 1970. */
  readonly expires: number;
  /** All fields, also those that nobody here knows. */
  readonly signed: SignedFields;
}

/**
 * The fields that all metadata has, of the `type` that is expected here.
 * @throws TrustError `bad-metadata`
 */
export function readMetadata(
  { signed }: Envelope,
  { bytes, type, role }: { readonly bytes: Uint8Array; readonly type: string; readonly role: string },
): Metadata {
  const { _type, spec_version, version } = signed;
  if (_type !== type) throw malformed(role, `it is not of the type '${type}'`);
  if (typeof spec_version !== 'string' || !/^1\.\d+(?:\.\d+)?$/.test(spec_version))
    throw malformed(role, 'its spec_version is not 1.x');
  if (typeof version !== 'number' || version < 1) throw malformed(role, 'its version is no positive integer');
  const expires = parseTime(signed.expires);
  if (expires === undefined) throw malformed(role, 'its expiry is no time such as 2027-01-31T00:00:00Z');
  return { bytes, version, expires, signed };
}

export function malformed(role: string, why: string): TrustError {
  return new TrustError('bad-metadata', `${titleOf(role)} can't be used: ${why}`, { details: { role } });
}
