import { fromHex } from '@swupd/shared';
import type { Json } from '../json/canonical-json.ts';
import { isRecord } from '../json/parse-json.ts';
import type { KeyPolicy, PublicKey } from './key-policy.ts';
import type { Signature } from './signature.ts';

/** The keys of one role and how many of them must have signed. */
export interface RoleKeys {
  /** By key id. Keys that count for nothing are left out. */
  readonly keys: ReadonlyMap<string, PublicKey>;
  readonly threshold: number;
}

/** Whether `keys` of root or targets metadata are keys by their ids, of whatever kinds (TUF 1.0.34, section 4.2). */
export function isKeyTable(keys: Json | undefined): keys is { readonly [keyid: string]: Json } {
  return isRecord(keys) && Object.values(keys).every(isKeyObject);
}

/**
 * The keys of a role out of `keys`, which are a key table, and `keyids` of root or targets metadata; undefined where those are
 * malformed, or name a key twice.
 */
export function readRoleKeys(
  keys: Json | undefined,
  role: Json | undefined,
  policy: KeyPolicy,
): RoleKeys | undefined {
  if (!isRecord(keys) || !isRecord(role) || !Array.isArray(role.keyids)) return undefined;
  const { threshold } = role;
  if (typeof threshold !== 'number' || threshold < 1) return undefined;
  if (new Set(role.keyids).size !== role.keyids.length) return undefined;
  const found = new Map<string, PublicKey>();
  for (const keyid of role.keyids as readonly Json[]) {
    if (typeof keyid !== 'string') return undefined;
    const object = Object.hasOwn(keys, keyid) ? keys[keyid] : undefined;
    const key = object === undefined ? undefined : policy(keyid, object);
    if (key !== undefined) found.set(keyid, key);
  }
  return { keys: found, threshold };
}

/**
 * Whether enough keys of the role have signed `message`. One key counts once, whatever the number of its ids and signatures;
 * bad signatures beside enough good ones do no harm (TUF 4.2.1, 5.3.4).
 */
export function meetsThreshold(
  message: Uint8Array,
  signatures: readonly Signature[],
  { keys, threshold }: RoleKeys,
): boolean {
  const signers = new Set<string>();
  for (const { keyid, sig } of signatures) {
    if (signers.size >= threshold) break;
    const key = keys.get(keyid);
    if (key === undefined || signers.has(key.identity)) continue;
    const bytes = fromHex(sig);
    if (bytes !== undefined && key.verify(bytes, message)) signers.add(key.identity);
  }
  return signers.size >= threshold;
}

function isKeyObject(value: Json): boolean {
  if (!isRecord(value) || typeof value.keytype !== 'string' || typeof value.scheme !== 'string') return false;
  return isRecord(value.keyval) && Object.values(value.keyval).every((text) => typeof text === 'string');
}
