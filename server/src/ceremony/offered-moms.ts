import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import {
  formatMomSignature,
  isMomSigned,
  type KeysInput,
  keyIdOf,
  PRODUCTION,
  type RoleKeys,
} from '@swupd/manifests/trust';
import { hashContent, writeFileAtomic } from '@swupd/shared/io';
import { KeyError } from '../keys/key-error.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { groupOf } from '../metadata/key-roles.ts';
import { type ChangeBase, workingPolicy } from '../metadata/working-policy.ts';
import { allOffers } from '../publication/offer-moms.ts';
import { readMomSignatures } from '../repository/read-builds.ts';
import { damaged, readObject } from '../repository/read-object.ts';

/**
 * Signs the MoM of each offered build that the build keys after a change have not signed: devices won't ask for signatures by those that
 * go. What the release keys offer is known to be right; what nobody offers may be a thief's, and is left alone.
 * @throws KeyError `keys-missing`; BuildError `bad-repository` where a MoM is not the one that is offered
 */
export function signOfferedMoms(repository: string, base: ChangeBase, ring: KeyRing): void {
  const keys = roleKeysOf(groupOf(workingPolicy(base), 'build'));
  const digests = new Map(allOffers(base.state).map(({ version, digest }) => [version, digest]));
  for (const [version, digest] of digests) {
    const mom = readObject(repository, LAYOUT.mom(version));
    if (hashContent(mom) !== digest) throw damaged(repository, LAYOUT.mom(version));
    if (isMomSigned({ mom, signatures: readMomSignatures(repository, keys, version) }, keys)) continue;
    const signatures = ring.sign('build', keys, { message: mom });
    if (signatures.length < keys.threshold) throw noBuildKey(signatures.length, keys);
    for (const signature of signatures) {
      const path = join(repository, LAYOUT.momSignature(version, signature.keyid));
      writeFileAtomic(path, formatMomSignature(signature));
    }
  }
}

function roleKeysOf({ keys, threshold }: KeysInput): RoleKeys {
  const known = keys.flatMap((key) => {
    const keyId = keyIdOf(key);
    const publicKey = PRODUCTION(keyId, key);
    return publicKey === undefined ? [] : [[keyId, publicKey] as const];
  });
  return { keys: new Map(known), threshold };
}

function noBuildKey(signed: number, { threshold, keys }: RoleKeys): KeyError {
  return new KeyError(
    'keys-missing',
    'the build key that comes is not at hand, and builds that are offered need its signature',
    {
      details: { role: 'build', signed, threshold, keyIds: [...keys.keys()] },
      hint: 'Run this where that key is, or pass a command that signs with it: --signer build=COMMAND.',
    },
  );
}
