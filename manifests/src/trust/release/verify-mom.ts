import { type Digest, sha256 } from '@swupd/shared';
import type { Mom } from '../../mom.ts';
import { parseMom } from '../../mom-codec.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import { parseJson } from '../json/parse-json.ts';
import { meetsThreshold, type RoleKeys } from '../keys/role-keys.ts';
import type { Signature } from '../keys/signature.ts';
import { readSignature, signMessage } from '../metadata/envelope.ts';
import { TrustError } from '../trust-error.ts';

/** The bytes of one signature file of a MoM. */
export function formatMomSignature({ keyid, sig }: Signature): Buffer {
  return canonicalJson({ keyid, sig });
}

/** The signature of a MoM by the secret Ed25519 `seed` of a build key. */
export function signMom(mom: Uint8Array, seed: Uint8Array): Signature {
  return signMessage(mom, seed);
}

/** The files of a build as they were received. */
export interface MomFiles {
  readonly mom: Uint8Array;
  /** Each signature file. */
  readonly signatures: readonly Uint8Array[];
}

/** Whether enough build keys have signed the MoM. */
export function isMomSigned({ mom, signatures }: MomFiles, keys: RoleKeys): boolean {
  const parsed = signatures.map((bytes) => readSignature(parseJson(bytes)));
  return meetsThreshold(
    mom,
    parsed.filter((signature) => signature !== undefined),
    keys,
  );
}

/** What a channel says of a build's MoM. */
export interface MomRef {
  readonly version: number;
  readonly digest: Digest;
  readonly size: number;
}

/**
 * The MoM in `files`: not a byte of it is parsed before it is the one that is offered, and enough build keys have signed it. One
 * says "offer this", the other "CI made this". Without `offered`, its signature vouches for it alone.
 * @throws TrustError `mom-mismatch`, `bad-mom-signature`; FormatError from `parseMom`
 */
export function verifyMom(files: MomFiles, keys: RoleKeys, offered: MomRef | undefined): Mom {
  if (offered !== undefined && (files.mom.length !== offered.size || sha256(files.mom) !== offered.digest)) {
    throw mismatch(`the MoM is not the one that is offered as build ${offered.version}`);
  }
  if (!isMomSigned(files, keys)) {
    throw new TrustError('bad-mom-signature', 'the MoM is not signed by the build keys of this repository', {
      details: { role: 'build' },
      hint: 'Nothing has been changed. Tell whoever runs the repository: what it offers was not made by its builds.',
    });
  }
  const mom = parseMom(files.mom);
  if (offered !== undefined && mom.version !== offered.version)
    throw mismatch(`the MoM is of build ${mom.version}; it is offered as build ${offered.version}`);
  return mom;
}

function mismatch(message: string): TrustError {
  return new TrustError('mom-mismatch', message, {
    details: { role: 'build' },
    hint: 'The server is between two states or a mirror is broken. Try again later.',
  });
}
