import { sha256 } from '@swupd/shared';
import type { Mom } from '../mom.ts';
import { parseMom } from '../mom-codec.ts';
import { canonicalJson } from './canonical-json.ts';
import { meetsThreshold, parseJson, parseSignatures, signAll } from './envelope.ts';
import { isRecord } from './key.ts';
import type { ReleaseRef } from './pointer.ts';
import type { Root } from './root.ts';
import { TrustError } from './trust-error.ts';

/** The bytes of `mom.sig`: the signatures of the MoM's bytes by the secret `seeds`. */
export function formatMomSignatures(mom: Uint8Array, seeds: readonly Uint8Array[]): Buffer {
  return canonicalJson({ signatures: signAll(mom, seeds) });
}

/** The files of a release as they were received. */
export interface MomFiles {
  readonly mom: Uint8Array;
  readonly signatures: Uint8Array;
}

/**
 * The MoM in `files`, after its signature: not a byte of it is parsed before enough of the root's `targets` keys have signed it.
 * With `release`, it must also be exactly the one that the pointer names.
 * @throws TrustError `bad-mom-signature`, `mom-mismatch`; FormatError from `parseMom`
 */
export function verifyMom(files: MomFiles, root: Root, release: ReleaseRef | undefined): Mom {
  if (release !== undefined && (files.mom.length !== release.size || sha256(files.mom) !== release.digest)) {
    throw new TrustError(
      'mom-mismatch',
      `the MoM is not the one that timestamp.json names for build ${release.version}`,
      {
        hint: 'The server is between two states or a mirror is broken. Try again later.',
      },
    );
  }
  const envelope = parseJson(files.signatures);
  const signatures = isRecord(envelope) ? parseSignatures(envelope.signatures) : undefined;
  if (signatures === undefined || !meetsThreshold(files.mom, signatures, root.roles.targets)) {
    throw new TrustError('bad-mom-signature', 'the MoM is not signed by the keys of this trust anchor', {
      hint: 'Check that the server is the one that your trust anchor belongs to.',
    });
  }
  const mom = parseMom(files.mom);
  if (release !== undefined && mom.version !== release.version) {
    throw new TrustError(
      'mom-mismatch',
      `the MoM is of build ${mom.version}; timestamp.json names build ${release.version}`,
    );
  }
  return mom;
}
