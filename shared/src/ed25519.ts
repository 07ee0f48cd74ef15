import { createPublicKey, verify } from 'node:crypto';
import { getPublicKey, hashes, Point, sign } from '@noble/ed25519';
import { sha512 } from './digest.ts';

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
 * Whether `signature` is one of `message` by `publicKey`, by the strict rules of RFC 8032 rather than ZIP 215. All three may come
 * from an attacker: malformed input is `false`, never a throw.
 *
 * noble says which keys count, and OpenSSL checks the equation: noble's first check in a process makes a table, which costs more
 * than all checks of an update together. Both give the same verdicts (tests).
 */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  try {
    // OpenSSL takes a key of small order, or in an encoding that is not canonical.
    if (Point.fromBytes(publicKey, false).isSmallOrder()) return false;
    const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
}

/** What stands before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo. RFC 8410. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
