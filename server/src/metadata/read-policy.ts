import {
  type DelegationInput,
  isRecord,
  type Json,
  type KeysInput,
  ROLES,
  type RoleName,
  type SignedFields,
  type TargetInput,
} from '@swupd/manifests/trust';
import { MetadataError } from './metadata-error.ts';
import type { Policy, PolicyPage } from './policy.ts';

/** The signed parts that make a policy. */
export interface PolicyFields {
  readonly root: SignedFields;
  readonly targets: SignedFields;
  readonly channels: ReadonlyMap<string, SignedFields>;
}

/** What signed parts say. @throws MetadataError `bad-metadata-file` */
export function readPolicy({ root, targets, channels }: PolicyFields): Policy {
  return {
    product: root.product === undefined ? undefined : text(root.product, 'root'),
    roles: Object.fromEntries(
      ROLES.map((role) => [role, readGroup(root.keys, record(root.roles, 'root')[role], 'root')]),
    ) as unknown as Record<RoleName, KeysInput>,
    delegations: readDelegations(targets, 'targets'),
    pages: new Map([...channels].map(([name, fields]) => [name, readPage(fields, name)])),
  };
}

function readPage(fields: SignedFields, role: string): PolicyPage {
  const targets = Object.entries(record(fields.targets, role)).map(([path, value]) => [
    path,
    readTarget(value, role),
  ]);
  return { targets: Object.fromEntries(targets), delegations: readDelegations(fields, role) };
}

function readTarget(value: Json, role: string): TargetInput {
  const { length, hashes } = record(value, role);
  if (typeof length !== 'number' || !isRecord(hashes)) throw malformed(role);
  return value as unknown as TargetInput;
}

function readDelegations({ delegations }: SignedFields, role: string): DelegationInput[] {
  if (delegations === undefined) return [];
  const { keys, roles } = record(delegations, role);
  return list(roles, role).map((value) => {
    const item = record(value, role);
    return {
      ...readGroup(keys, item, role),
      name: text(item.name, role),
      paths: list(item.paths, role).map((path) => text(path, role)),
      terminating: item.terminating === true,
    };
  });
}

function readGroup(keys: Json | undefined, value: Json | undefined, role: string): KeysInput {
  const { keyids, threshold } = record(value, role);
  if (typeof threshold !== 'number') throw malformed(role);
  const table = record(keys, role);
  return {
    keys: list(keyids, role).map((id) => {
      const key = Object.hasOwn(table, text(id, role)) ? table[text(id, role)] : undefined;
      if (key === undefined) throw malformed(role);
      return key;
    }),
    threshold,
  };
}

function record(value: Json | undefined, role: string): SignedFields {
  if (isRecord(value)) return value;
  throw malformed(role);
}

function list(value: Json | undefined, role: string): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  throw malformed(role);
}

function text(value: Json | undefined, role: string): string {
  if (typeof value === 'string') return value;
  throw malformed(role);
}

function malformed(role: string): MetadataError {
  return new MetadataError('bad-metadata-file', `the metadata of ${role} is malformed`, {
    details: { role },
    hint: 'Restore the file from a copy of the repository, or prepare the change anew.',
  });
}
