import { type Digest, fromHex, sha256, toHex } from '@swupd/shared';
import { canonicalJson, type Json } from './canonical-json.ts';

/** A public key in TUF's form. Production knows Ed25519 only. */
export interface Key {
  readonly keytype: 'ed25519';
  readonly scheme: 'ed25519';
  readonly keyval: { readonly public: string };
}

export function ed25519Key(publicKey: Uint8Array): Key {
  return { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: toHex(publicKey) } };
}

/** SHA-256 of the key object's canonical JSON. TUF 1.0.34, section 4.2. */
export function keyIdOf(key: Json): Digest {
  return sha256(canonicalJson(key));
}

/** The 32 bytes of a key object that may have been chosen by an attacker; undefined where it is no Ed25519 key. */
export function publicBytesOf(key: Json | undefined): Uint8Array | undefined {
  if (!isRecord(key) || key.keytype !== 'ed25519' || key.scheme !== 'ed25519' || !isRecord(key.keyval))
    return undefined;
  const hex = key.keyval.public;
  const bytes = typeof hex === 'string' ? fromHex(hex) : undefined;
  return bytes?.length === 32 ? bytes : undefined;
}

export function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
