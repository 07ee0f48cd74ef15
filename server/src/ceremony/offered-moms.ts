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
import { keyIdsOf, type Policy } from '../metadata/policy.ts';
import { readMomSignatures } from '../repository/read-builds.ts';
import { damaged, readObject } from '../repository/read-object.ts';

/**
 * Signs the MoM of each offered build by the build keys that come, where a change brings others: devices won't ask for signatures by those
 * that go. What the release keys offer is known to be right; what nobody offers may be a thief's, and is left alone.
 * @throws KeyError `keys-missing`; BuildError `bad-repository` where a MoM is not the one that is offered
 */
export function signOfferedMoms(
  repository: string,
  { before, after }: { readonly before: Policy; readonly after: Policy },
  ring: KeyRing,
): void {
  const group = groupOf(after, 'build');
  if (keyIdsOf(group).join() === keyIdsOf(groupOf(before, 'build')).join()) return;
  const keys = roleKeysOf(group);
  for (const [version, digest] of offeredDigests(after)) {
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

/** The builds that any channel offers, each with the SHA-256 of its MoM. */
function offeredDigests({ pages }: Policy): Map<number, string | undefined> {
  const targets = [...pages.values()].flatMap((page) => Object.entries(page.targets));
  return new Map(targets.map(([path, { hashes }]) => [Number(path.split('/')[1]), hashes.sha256]));
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
