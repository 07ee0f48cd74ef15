import { getPublicKey, hashes, sign, verify } from '@noble/ed25519';
import { type Digest, sha256, sha512 } from './digest.ts';

hashes.sha512 = sha512;

/** Ed25519 signature (64 bytes) of `message` by the 32-byte secret `seed`. RFC 8032. */
export function signEd25519(message: Uint8Array, seed: Uint8Array): Uint8Array {
  return sign(message, seed);
}

/** The 32-byte public key that belongs to the 32-byte secret `seed`. */
export function publicKeyOf(seed: Uint8Array): Uint8Array {
  return getPublicKey(seed);
}

/**
 * Whether `signature` is one of `message` by `publicKey`. Strict RFC 8032 rules rather than ZIP 215, so that every
 * implementation gives the same verdict. All three may come from an attacker: malformed input is `false`, never a throw.
 */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  // Both have fixed lengths, so no two questions have the same bytes.
  const question = sha256(Buffer.concat([signature, publicKey, message]));
  if (good.has(question)) return true;
  try {
    if (!verify(signature, message, publicKey, { zip215: false })) return false;
  } catch {
    return false;
  }
  remember(question);
  return true;
}

/** Questions that were answered with yes: a command asks some of them several times, and each costs milliseconds. */
const good = new Set<Digest>();
const REMEMBERED = 64;

function remember(question: Digest): void {
  for (const oldest of good) {
    if (good.size < REMEMBERED) break;
    good.delete(oldest);
  }
  good.add(question);
}
