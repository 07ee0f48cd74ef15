import { formatEnvelope, type RoleKeys, type Signature, signedBytes } from '@swupd/manifests/trust';
import { fromHex } from '@swupd/shared';
import type { KeyRing } from '../keys/key-ring.ts';
import type { ChangePart } from './parts-of-change.ts';

/** Metadata with the signatures that it has. */
export interface SignedPart {
  readonly role: string;
  readonly version: number;
  /** The envelope. */
  readonly bytes: Buffer;
  /** What it still needs; undefined where it is complete. */
  readonly missing: MissingSignatures | undefined;
}

export interface MissingSignatures {
  readonly role: string;
  readonly version: number;
  /** How many good signatures it has, and how many it needs. */
  readonly signed: number;
  readonly threshold: number;
  /** Ids of the keys that can sign it still. */
  readonly keyIds: readonly string[];
}

/**
 * Signs a part with the keys at hand, beside the signatures that it has already; those that are not good are left out.
 * @throws KeyError where the command of a signer fails
 */
export function signPart(part: ChangePart, ring: KeyRing, has: readonly Signature[]): SignedPart {
  const { role, version, fields, signers } = part;
  const message = signedBytes(fields);
  let signatures: Signature[] = [];
  for (const group of signers) {
    const good = goodSignatures([...signatures, ...has], group, message);
    const made = ring.sign(role, group, { message, has: good });
    signatures = merge([...signatures, ...good, ...made]);
  }
  const missing = signers
    .map((group) => missingOf(part, group, goodSignatures(signatures, group, message)))
    .find((found) => found !== undefined);
  return { role, version, bytes: formatEnvelope(fields, signatures), missing };
}

/** Those by keys of the role, each key once. */
function goodSignatures(
  signatures: readonly Signature[],
  { keys }: RoleKeys,
  message: Uint8Array,
): Signature[] {
  const good = signatures.filter(({ keyid, sig }) => {
    const bytes = fromHex(sig);
    return bytes !== undefined && keys.get(keyid)?.verify(bytes, message) === true;
  });
  return merge(good);
}

function merge(signatures: readonly Signature[]): Signature[] {
  return [...new Map(signatures.map((signature) => [signature.keyid, signature])).values()];
}

function missingOf(
  { role, version }: ChangePart,
  { keys, threshold }: RoleKeys,
  good: readonly Signature[],
): MissingSignatures | undefined {
  if (good.length >= threshold) return undefined;
  const done = new Set(good.map(({ keyid }) => keyid));
  const keyIds = [...keys.keys()].filter((keyid) => !done.has(keyid)).sort();
  return { role, version, signed: good.length, threshold, keyIds };
}
