import { publicKeyOf, signEd25519, toHex } from '@swupd/shared';
import { canonicalJson, type Json, jsonFile } from '../json/canonical-json.ts';
import { isRecord, parseJson } from '../json/parse-json.ts';
import { ed25519Key, keyIdOf } from '../keys/key.ts';
import { meetsThreshold, type RoleKeys } from '../keys/role-keys.ts';
import type { Signature } from '../keys/signature.ts';

/** What is signed: an object with all its fields, known or not. */
export type SignedFields = { readonly [key: string]: Json };

/** `{ signed, signatures }`, parsed but not yet verified. TUF 1.0.34, section 4.2.1. */
export interface Envelope {
  readonly signed: SignedFields;
  readonly signatures: readonly Signature[];
}

/** The bytes that the signatures of `signed` are made over. */
export function signedBytes(signed: SignedFields): Buffer {
  return canonicalJson(signed);
}

/** The bytes of metadata with these signatures, sorted by key id. */
export function formatEnvelope(signed: SignedFields, signatures: readonly Signature[]): Buffer {
  const sorted = signatures
    .map(({ keyid, sig }) => ({ keyid, sig }))
    .sort((a, b) => (a.keyid < b.keyid ? -1 : 1));
  return jsonFile({ signatures: sorted, signed });
}

/** The bytes of metadata `signed`, signed by each of the secret Ed25519 `seeds`. Deterministic. */
export function signEnvelope(signed: SignedFields, seeds: readonly Uint8Array[]): Buffer {
  const message = signedBytes(signed);
  return formatEnvelope(
    signed,
    seeds.map((seed) => signMessage(message, seed)),
  );
}

/** The signature of `message` by the secret Ed25519 `seed`. */
export function signMessage(message: Uint8Array, seed: Uint8Array): Signature {
  return { keyid: keyIdOf(ed25519Key(publicKeyOf(seed))), sig: toHex(signEd25519(message, seed)) };
}

/** The envelope in `bytes`, which anybody may have written; undefined where it is none. */
export function parseEnvelope(bytes: Uint8Array): Envelope | undefined {
  const value = parseJson(bytes);
  if (!isRecord(value) || !isRecord(value.signed)) return undefined;
  const signatures = readSignatures(value.signatures);
  return signatures === undefined ? undefined : { signed: value.signed, signatures };
}

/** Whether enough keys of the role have signed the envelope. */
export function isSignedBy({ signed, signatures }: Envelope, role: RoleKeys): boolean {
  return meetsThreshold(signedBytes(signed), signatures, role);
}

/** A list of signatures, each key id at most once; undefined where it is none. */
function readSignatures(value: Json | undefined): Signature[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const signatures: Signature[] = [];
  for (const item of value as readonly Json[]) {
    const signature = readSignature(item);
    if (signature === undefined) return undefined;
    signatures.push(signature);
  }
  const unique = new Set(signatures.map(({ keyid }) => keyid));
  return unique.size === signatures.length ? signatures : undefined;
}

export function readSignature(value: Json | undefined): Signature | undefined {
  if (!isRecord(value) || typeof value.keyid !== 'string' || typeof value.sig !== 'string') return undefined;
  return { keyid: value.keyid, sig: value.sig };
}
