import { canonicalJson, type Json } from './canonical-json.ts';
import { isSignedBy, parseEnvelope, type RoleKeys, roleKeys, signEnvelope } from './envelope.ts';
import { ed25519Key, keyIdOf } from './key.ts';
import { TrustError } from './trust-error.ts';
import { formatTime, parseTime } from './utc-time.ts';

export const SPEC_VERSION = '1.0.34';
export const ROLES = ['root', 'timestamp', 'snapshot', 'targets'] as const;
export type RoleName = (typeof ROLES)[number];

/** The trust anchor: which keys speak for which role. TUF 1.0.34, section 4.3. */
export interface Root {
  readonly version: number;
  /** Seconds since 1970. */
  readonly expires: number;
  readonly roles: Readonly<Record<RoleName, RoleKeys>>;
}

export interface RootInput {
  readonly version: number;
  readonly expires: number;
  /** Public keys of each role; one of them has to sign. */
  readonly publicKeys: Readonly<Record<RoleName, Uint8Array>>;
  /** Secret seed of the root key. */
  readonly rootSeed: Uint8Array;
}

/** The bytes of root metadata, signed. */
export function formatRoot(input: RootInput): Buffer {
  const keys: Record<string, Json> = {};
  const roles: Record<string, Json> = {};
  for (const role of ROLES) {
    const key = ed25519Key(input.publicKeys[role]) as unknown as Json;
    keys[keyIdOf(key)] = key;
    roles[role] = { keyids: [keyIdOf(key)], threshold: 1 };
  }
  const signed = {
    _type: 'root',
    spec_version: SPEC_VERSION,
    version: input.version,
    expires: formatTime(input.expires),
    consistent_snapshot: true,
    keys,
    roles,
  };
  return signEnvelope(signed, [input.rootSeed]);
}

/**
 * The root in `bytes`, which has to be signed by its own keys (TUF 5.2). Its expiry is the caller's business.
 * @throws TrustError `bad-root`
 */
export function parseRoot(bytes: Uint8Array): Root {
  const envelope = parseEnvelope(bytes);
  if (envelope === undefined) throw badRoot('it is no signed metadata');
  const { _type, spec_version, version, expires, keys, roles } = envelope.signed;
  if (_type !== 'root') throw badRoot(`its type is ${canonicalJson(_type ?? null).toString()}`);
  if (typeof spec_version !== 'string' || !spec_version.startsWith('1.'))
    throw badRoot('its spec_version is not known');
  const time = parseTime(expires);
  if (typeof version !== 'number' || version < 1 || time === undefined)
    throw badRoot('its version or expiry is malformed');
  const role = (name: RoleName): RoleKeys => {
    const found = roleKeys(keys, (roles as { [key: string]: Json } | undefined)?.[name]);
    if (found === undefined) throw badRoot(`the role '${name}' is malformed`);
    return found;
  };
  const root = {
    version,
    expires: time,
    roles: {
      root: role('root'),
      timestamp: role('timestamp'),
      snapshot: role('snapshot'),
      targets: role('targets'),
    },
  };
  if (!isSignedBy(envelope, root.roles.root)) throw badRoot('it is not signed by its own keys');
  return root;
}

function badRoot(why: string): TrustError {
  return new TrustError('bad-root', `the trust anchor can't be used: ${why}`, {
    hint: "Pass the repository's metadata/1.root.json with -C, fetched over a way that you trust.",
  });
}
