import { type Digest, sha256, toHex } from '@swupd/shared';
import { canonicalJson, type Json } from '../json/canonical-json.ts';

/** A public Ed25519 key in TUF's form. */
export function ed25519Key(publicKey: Uint8Array): Json {
  return { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: toHex(publicKey) } };
}

/** SHA-256 of the key object's canonical JSON. TUF 1.0.34, section 4.2. */
export function keyIdOf(key: Json): Digest {
  return sha256(canonicalJson(key));
}
