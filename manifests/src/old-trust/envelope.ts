import { fromHex, LIMITS, publicKeyOf, signEd25519, toHex, verifyEd25519 } from '@swupd/shared';
import { canonicalJson, type Json } from './canonical-json.ts';
import { ed25519Key, isRecord, keyIdOf, publicBytesOf } from './key.ts';

/** A signature as TUF writes it: both as hexadecimal digits. */
export interface Signature {
  readonly keyid: string;
  readonly sig: string;
}

/** `{ signed, signatures }`, parsed but not yet verified. */
export interface Envelope {
  readonly signed: { readonly [key: string]: Json };
  readonly signatures: readonly Signature[];
}

/** The keys of one role and how many of them must have signed. */
export interface RoleKeys {
  readonly keys: ReadonlyMap<string, Uint8Array>;
  readonly threshold: number;
}

/** The bytes of metadata `signed`, signed by each of the secret `seeds`. Deterministic. */
export function signEnvelope(signed: { readonly [key: string]: Json }, seeds: readonly Uint8Array[]): Buffer {
  const message = canonicalJson(signed);
  return canonicalJson({ signatures: signAll(message, seeds), signed });
}

/** Signatures of `message` by each of the secret `seeds`, sorted by key id. */
export function signAll(message: Uint8Array, seeds: readonly Uint8Array[]): { keyid: string; sig: string }[] {
  return seeds
    .map((seed) => ({
      keyid: keyIdOf(ed25519Key(publicKeyOf(seed)) as unknown as Json) as string,
      sig: toHex(signEd25519(message, seed)),
    }))
    .sort((a, b) => (a.keyid < b.keyid ? -1 : 1));
}

/** The envelope in `bytes`, which anybody may have written; undefined where it is none. */
export function parseEnvelope(bytes: Uint8Array): Envelope | undefined {
  const value = parseJson(bytes);
  if (!isRecord(value) || !isRecord(value.signed)) return undefined;
  const signatures = parseSignatures(value.signatures);
  return signatures === undefined ? undefined : { signed: value.signed, signatures };
}

/** A list of signatures, each key at most once (TUF 4.2.1); undefined where it is none. */
export function parseSignatures(value: Json | undefined): Signature[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const signatures: Signature[] = [];
  for (const item of value as readonly Json[]) {
    if (!isRecord(item) || typeof item.keyid !== 'string' || typeof item.sig !== 'string') return undefined;
    signatures.push({ keyid: item.keyid, sig: item.sig });
  }
  const unique = new Set(signatures.map((signature) => signature.keyid));
  return unique.size === signatures.length ? signatures : undefined;
}

/** Whether enough keys of `role` have signed `message`. */
export function meetsThreshold(
  message: Uint8Array,
  signatures: readonly Signature[],
  role: RoleKeys,
): boolean {
  let valid = 0;
  for (const { keyid, sig } of signatures) {
    const key = role.keys.get(keyid);
    const bytes = fromHex(sig);
    if (key !== undefined && bytes !== undefined && verifyEd25519(bytes, message, key)) valid++;
    if (valid >= role.threshold) return true;
  }
  return false;
}

/** Whether enough keys of `role` have signed the envelope. */
export function isSignedBy(envelope: Envelope, role: RoleKeys): boolean {
  return meetsThreshold(canonicalJson(envelope.signed), envelope.signatures, role);
}

/** The keys of a role out of root-like metadata; undefined where keys or threshold are malformed. */
export function roleKeys(keys: Json | undefined, role: Json | undefined): RoleKeys | undefined {
  if (!isRecord(keys) || !isRecord(role) || !Array.isArray(role.keyids)) return undefined;
  const { threshold } = role;
  if (typeof threshold !== 'number' || threshold < 1) return undefined;
  const found = new Map<string, Uint8Array>();
  for (const keyid of role.keyids as readonly Json[]) {
    if (typeof keyid !== 'string') return undefined;
    const key = Object.hasOwn(keys, keyid) ? keys[keyid] : undefined;
    const bytes = publicBytesOf(key);
    if (key !== undefined && bytes !== undefined && keyIdOf(key) === keyid) found.set(keyid, bytes);
  }
  return { keys: found, threshold };
}

/** JSON in `bytes`: valid UTF-8, not deeper than the limit, integers only; undefined otherwise. */
export function parseJson(bytes: Uint8Array): Json | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const value = JSON.parse(text) as Json;
    return isPlain(value, LIMITS.jsonDepth) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isPlain(value: Json, depth: number): boolean {
  if (depth === 0) return false;
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every((child) => isPlain(child as Json, depth - 1));
}
