import { fromHex, verifyEd25519 } from '@swupd/shared';
import type { Json } from '../json/canonical-json.ts';
import { isRecord } from '../json/parse-json.ts';
import { keyIdOf } from './key.ts';

/** A key whose signatures count. */
export interface PublicKey {
  /** The same for the same key, under whatever id it is listed: a threshold counts it once. */
  readonly identity: string;
  /** Both may come from an attacker: malformed input is `false`, never a throw. */
  verify(signature: Uint8Array, message: Uint8Array): boolean;
}

/** Which key objects count, each under the id that it is listed with; undefined for one that counts for nothing. */
export type KeyPolicy = (keyid: string, key: Json) => PublicKey | undefined;

/** Ed25519 only, and every key under its own id. The one policy that devices and repositories have. */
export const PRODUCTION: KeyPolicy = (keyid, key) => {
  const bytes = ed25519Bytes(key);
  return bytes === undefined || keyIdOf(key) !== keyid ? undefined : ed25519PublicKey(bytes);
};

/** The 32 bytes of an Ed25519 key object that may have been chosen by an attacker; undefined where it is none. */
export function ed25519Bytes(key: Json): Uint8Array | undefined {
  if (!isRecord(key) || key.keytype !== 'ed25519' || key.scheme !== 'ed25519' || !isRecord(key.keyval))
    return undefined;
  const hex = key.keyval.public;
  const bytes = typeof hex === 'string' ? fromHex(hex) : undefined;
  return bytes?.length === 32 ? bytes : undefined;
}

export function ed25519PublicKey(bytes: Uint8Array): PublicKey {
  return {
    identity: `ed25519 ${Buffer.from(bytes).toString('hex')}`,
    verify: (signature, message) => verifyEd25519(signature, message, bytes),
  };
}
