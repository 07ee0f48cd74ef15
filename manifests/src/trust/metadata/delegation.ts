import { sha256 } from '@swupd/shared';
import type { Json } from '../json/canonical-json.ts';
import { isRecord } from '../json/parse-json.ts';
import type { KeyPolicy } from '../keys/key-policy.ts';
import { isKeyTable, type RoleKeys, readRoleKeys } from '../keys/role-keys.ts';
import { matchesPath } from './match-path.ts';
import { ROLES } from './role-name.ts';
import { formatKeys, type KeysInput, keysById } from './root.ts';

/** A role that may speak for a part of the paths of another. TUF 1.0.34, section 4.5. */
export interface Delegation {
  readonly name: string;
  readonly role: RoleKeys;
  /** Patterns, as `matchesPath` reads them. Either these or the prefixes are there. */
  readonly paths: readonly string[] | undefined;
  /** Of the SHA-256 of the path, in hexadecimal digits. */
  readonly pathHashPrefixes: readonly string[] | undefined;
  /** Whether nobody behind it is asked for these paths. */
  readonly terminating: boolean;
}

export interface DelegationInput extends KeysInput {
  readonly name: string;
  readonly paths: readonly string[];
  readonly terminating: boolean;
}

export function formatDelegations(delegations: readonly DelegationInput[]): Json {
  return {
    keys: Object.assign({}, ...delegations.map(keysById)),
    roles: delegations.map((delegation) => ({
      name: delegation.name,
      ...formatKeys(delegation),
      paths: delegation.paths,
      terminating: delegation.terminating,
    })),
  };
}

/** The delegations of targets metadata in their order; undefined where they are malformed, or two have one name. */
export function readDelegations(value: Json, policy: KeyPolicy): Delegation[] | undefined {
  if (!isRecord(value) || !isKeyTable(value.keys) || !Array.isArray(value.roles)) return undefined;
  const delegations: Delegation[] = [];
  for (const item of value.roles as readonly Json[]) {
    const delegation = readDelegation(item, value.keys, policy);
    if (delegation === undefined) return undefined;
    delegations.push(delegation);
  }
  const names = new Set(delegations.map(({ name }) => name));
  return names.size === delegations.length ? delegations : undefined;
}

/** Whether the delegation covers `path`. */
export function covers({ paths, pathHashPrefixes }: Delegation, path: string): boolean {
  if (paths !== undefined) return paths.some((pattern) => matchesPath(pattern, path));
  const digest = sha256(Buffer.from(path, 'utf8'));
  return pathHashPrefixes?.some((prefix) => digest.startsWith(prefix)) === true;
}

function readDelegation(value: Json, keys: Json | undefined, policy: KeyPolicy): Delegation | undefined {
  if (!isRecord(value)) return undefined;
  const { name, terminating } = value;
  const role = readRoleKeys(keys, value, policy);
  if (typeof name !== 'string' || name === '' || isTopLevel(name) || role === undefined) return undefined;
  if (typeof terminating !== 'boolean') return undefined;
  const paths = readTexts(value.paths);
  const pathHashPrefixes = readTexts(value.path_hash_prefixes);
  const isOneOfBoth = (value.paths === undefined) !== (value.path_hash_prefixes === undefined);
  if (!isOneOfBoth || (paths ?? pathHashPrefixes) === undefined) return undefined;
  return { name, role, paths, pathHashPrefixes, terminating };
}

/** A delegated role must not be taken for one that the root names. */
function isTopLevel(name: string): boolean {
  return (ROLES as readonly string[]).includes(name);
}

function readTexts(value: Json | undefined): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((item) => typeof item === 'string');
  return texts.length === value.length ? texts : undefined;
}
