import { sha256 as nobleSha256, sha512 } from '@noble/hashes/sha2.js';

export { sha512 };

/** SHA-256 of some bytes as 64 lower-case hexadecimal digits. */
export type Digest = string & { readonly __brand: 'Digest' };

const DIGEST = /^[0-9a-f]{64}$/;

export function isDigest(text: string): text is Digest {
  return DIGEST.test(text);
}

/**
 * SHA-256 of `bytes`, synchronous and pure: for metadata, manifests and key ids.
 * File content goes through `hashFile` in `@swupd/shared/io`, which gives the same digests ten times as fast.
 */
export function sha256(bytes: Uint8Array): Digest {
  return toHex(nobleSha256(bytes)) as Digest;
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

const HEX = /^(?:[0-9a-f]{2})*$/;

/** The bytes of lower-case hexadecimal `text`, or undefined where it is anything else. */
export function fromHex(text: string): Uint8Array | undefined {
  return HEX.test(text) ? Buffer.from(text, 'hex') : undefined;
}
