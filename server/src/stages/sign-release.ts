import { formatMom, LAYOUT, type Mom } from '@swupd/manifests';
import { buildKeys, formatMomSignature } from '@swupd/manifests/trust';
import type { Digest } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import { KeyError } from '../keys/key-error.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { RepositoryState } from '../metadata/repository-state.ts';
import type { BuildContext } from './build-context.ts';

/** A MoM as it is offered. */
export interface MomFile {
  readonly bytes: Uint8Array;
  readonly version: number;
  readonly digest: Digest;
  readonly size: number;
}

/**
 * Stages the MoM and its signatures by build keys: "CI made this".
 * @throws KeyError `keys-missing`, and where the command of a signer fails
 */
export function signRelease(mom: Mom, { writer, ring }: BuildContext, state: RepositoryState): MomFile {
  const bytes = formatMom(mom);
  const keys = buildKeys(state.set);
  const signatures = ring.sign('build', keys, { message: bytes });
  if (signatures.length < keys.threshold) throw missingBuildKey(keys.threshold, signatures.length);
  writer.replace(LAYOUT.mom(mom.version), bytes);
  for (const signature of signatures) {
    writer.replace(LAYOUT.momSignature(mom.version, signature.keyid), formatMomSignature(signature));
  }
  return { bytes, version: mom.version, digest: hashContent(bytes), size: bytes.length };
}

/** The same before a build begins: nobody wants to know it hours later. @throws KeyError `keys-missing` */
export function checkBuildKeys(ring: KeyRing, state: RepositoryState): void {
  const keys = buildKeys(state.set);
  const count = ring.count('build', keys);
  if (count < keys.threshold) throw missingBuildKey(keys.threshold, count);
}

function missingBuildKey(threshold: number, count: number): KeyError {
  return new KeyError('keys-missing', `${count} of ${threshold} build keys of this repository are at hand`, {
    details: { role: 'build', threshold, signed: count },
    hint: 'Pass the folder with the build.key that init made with --keys, or --signer build=COMMAND.',
  });
}
