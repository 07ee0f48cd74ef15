import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { canonicalJson, type Json, keyIdOf } from '@swupd/manifests/trust';
import { sha256 } from '@swupd/shared';

/** The key schemes of the public conformance suite. */
export type SimScheme = 'ed25519' | 'ecdsa-sha2-nistp256' | 'rsassa-pss-sha256';

/** A key pair that a simulated repository holds. */
export interface SimSigner {
  readonly keyid: string;
  /** The public key as TUF writes it. */
  readonly key: { readonly [field: string]: Json };
  /** Hexadecimal digits. */
  sign(message: Uint8Array): string;
}

/** A fresh key pair. `fields` become part of the public key, and so of its id. */
export function newSigner(scheme: SimScheme, fields: { readonly [field: string]: Json } = {}): SimSigner {
  const { privateKey, publicKey } = newPair(scheme);
  const keyval = { public: publicText(scheme, publicKey) };
  const key = { keytype: KEY_TYPES[scheme], scheme, keyval, ...fields };
  return { keyid: keyIdOf(key), key, sign: (message) => signature(scheme, privateKey, message) };
}

/** The same key pair under another spelling of its public key: another id for TUF. */
export function respell(signer: SimSigner, fields: { readonly [field: string]: Json }): SimSigner {
  const key = { ...signer.key, ...fields };
  return { keyid: keyIdOf(key), key, sign: signer.sign };
}

/** What signs `signed` with `signer`, as an entry of `signatures`. */
export function signatureBy(signer: SimSigner, signed: Json): { keyid: string; sig: string } {
  return { keyid: signer.keyid, sig: signer.sign(canonicalJson(signed)) };
}

const KEY_TYPES = { ed25519: 'ed25519', 'ecdsa-sha2-nistp256': 'ecdsa', 'rsassa-pss-sha256': 'rsa' } as const;

function newPair(scheme: SimScheme): { privateKey: KeyObject; publicKey: KeyObject } {
  if (scheme === 'ed25519') return nextEd25519Pair();
  if (scheme === 'rsassa-pss-sha256') return generateKeyPairSync('rsa', { modulusLength: 2048 });
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

/** PKCS #8 around the 32 bytes of a secret Ed25519 key. RFC 8410. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
let drawn = 0;

/** The same ones in the same order in each process, so that what goes wrong by chance goes wrong again. */
function nextEd25519Pair(): { privateKey: KeyObject; publicKey: KeyObject } {
  const seed = Buffer.from(sha256(Buffer.from(`key ${drawn++}`)), 'hex');
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

function publicText(scheme: SimScheme, key: KeyObject): string {
  if (scheme !== 'ed25519') return key.export({ type: 'spki', format: 'pem' }).toString();
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url').toString('hex');
}

function signature(scheme: SimScheme, key: KeyObject, message: Uint8Array): string {
  if (scheme === 'ed25519') return sign(null, message, key).toString('hex');
  if (scheme === 'ecdsa-sha2-nistp256') return sign('sha256', message, key).toString('hex');
  // RSA_PKCS1_PSS_PADDING, the salt as long as the digest: what securesystemslib makes and takes.
  return sign('sha256', message, { key, padding: 6, saltLength: 32 }).toString('hex');
}
