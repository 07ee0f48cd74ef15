import type { Json } from '../json/canonical-json.ts';
import { isRecord } from '../json/parse-json.ts';
import { keyIdOf } from '../keys/key.ts';
import type { KeyPolicy } from '../keys/key-policy.ts';
import { isKeyTable, type RoleKeys, readRoleKeys } from '../keys/role-keys.ts';
import type { Envelope, SignedFields } from './envelope.ts';
import { type Metadata, malformed, readMetadata } from './metadata.ts';
import { ROLES, type RoleName, SPEC_VERSION } from './role-name.ts';
import { formatTime } from './utc-time.ts';

/** Which keys speak for which role. TUF 1.0.34, section 4.3. */
export interface Root extends Metadata {
  /** Whether names of other metadata carry their version. */
  readonly consistentSnapshot: boolean;
  readonly roles: Readonly<Record<RoleName, RoleKeys>>;
  /** Whose software it is; ours, unknown to TUF. The same in all roots of a repository. */
  readonly product: string | undefined;
}

/** The keys that are to speak for a role. */
export interface KeysInput {
  /** Key objects. */
  readonly keys: readonly Json[];
  readonly threshold: number;
}

export interface RootInput {
  readonly version: number;
  /** Seconds since 1970. */
  readonly expires: number;
  readonly product?: string;
  readonly roles: Readonly<Record<RoleName, KeysInput>>;
}

export function rootFields({ version, expires, product, roles }: RootInput): SignedFields {
  const keys: Record<string, Json> = {};
  for (const role of ROLES) Object.assign(keys, keysById(roles[role]));
  return {
    _type: 'root',
    spec_version: SPEC_VERSION,
    version,
    expires: formatTime(expires),
    consistent_snapshot: true,
    ...(product === undefined ? {} : { product }),
    keys,
    roles: Object.fromEntries(ROLES.map((role) => [role, formatKeys(roles[role])])),
  };
}

export function keysById({ keys }: KeysInput): Record<string, Json> {
  return Object.fromEntries(keys.map((key) => [keyIdOf(key), key]));
}

export function formatKeys({ keys, threshold }: KeysInput): { keyids: Json; threshold: number } {
  return { keyids: keys.map(keyIdOf), threshold };
}

/** @throws TrustError `bad-metadata` */
export function readRoot(envelope: Envelope, bytes: Uint8Array, policy: KeyPolicy): Root {
  const metadata = readMetadata(envelope, { bytes, type: 'root', role: 'root' });
  const { keys, roles, consistent_snapshot: consistentSnapshot, product } = envelope.signed;
  if (typeof consistentSnapshot !== 'boolean') throw malformed('root', 'consistent_snapshot is no boolean');
  if (product !== undefined && typeof product !== 'string') throw malformed('root', 'its product is no text');
  if (!isKeyTable(keys)) throw malformed('root', 'its keys are malformed');
  const keysOf = (name: string): RoleKeys => {
    const found = readRoleKeys(keys, isRecord(roles) ? roles[name] : undefined, policy);
    if (found === undefined) throw malformed('root', `its role '${name}' is malformed`);
    return found;
  };
  // Roles that nobody here knows are well-formed all the same.
  if (isRecord(roles)) Object.keys(roles).forEach(keysOf);
  return {
    ...metadata,
    consistentSnapshot,
    product,
    roles: {
      root: keysOf('root'),
      timestamp: keysOf('timestamp'),
      snapshot: keysOf('snapshot'),
      targets: keysOf('targets'),
    },
  };
}
