import { LIMITS } from '@swupd/shared';
import type { KeyPolicy } from '../keys/key-policy.ts';
import { type Envelope, isSignedBy, parseEnvelope } from '../metadata/envelope.ts';
import { type Root, readRoot } from '../metadata/root.ts';
import { TrustError } from '../trust-error.ts';

/**
 * A root that is signed by its own keys (TUF 5.2): a trust anchor. Its expiry is the caller's business.
 * @throws TrustError `bad-root`
 */
export function parseRoot(bytes: Uint8Array, policy: KeyPolicy): Root {
  const envelope = bytes.length > LIMITS.rootFile ? undefined : parseEnvelope(bytes);
  if (envelope === undefined) throw badRoot('it is no signed metadata');
  const root = readAnchor(envelope, bytes, policy);
  if (!isSignedBy(envelope, root.roles.root)) throw badRoot('it is not signed by its own keys');
  return root;
}

function readAnchor(envelope: Envelope, bytes: Uint8Array, policy: KeyPolicy): Root {
  try {
    return readRoot(envelope, bytes, policy);
  } catch (error) {
    if (error instanceof TrustError) throw badRoot(error.message);
    throw error;
  }
}

function badRoot(why: string): TrustError {
  return new TrustError('bad-root', `the trust anchor can't be used: ${why}`, {
    details: { role: 'root' },
    hint: "Pass the repository's metadata/1.root.json with -C, fetched over a way that you trust.",
  });
}
