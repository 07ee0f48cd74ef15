// What somebody can publish who has some of a repository's keys, and no scruples.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT, type ObjectName } from '@swupd/manifests';
import { fileNameOf, type Json, type SignedFields, signEnvelope } from '@swupd/manifests/trust';
import { sha256 } from '@swupd/shared';
import { fieldOf, listed, resign, signedOf } from '../support/resign.ts';
import type { KeyName, TestRepository } from '../support/test-repository.ts';
import { write } from '../support/write-object.ts';

export type Edit = (signed: SignedFields) => SignedFields;

export interface ForgeOptions {
  /** Whose signatures it gets. */
  readonly keys: readonly KeyName[];
  readonly edit?: Edit;
}

/** Publishes the next version of a role, signed by these keys only; what lists it is signed as it should be. */
export function forge(repository: TestRepository, role: string, { keys, edit = same }: ForgeOptions): void {
  const name = currentName(repository, role);
  const fields = edit(raised(signedOf(repository, name)));
  const bytes = signWith(repository, fields, keys);
  write(repository, role === 'timestamp' ? name : versioned(role, Number(fields.version)), bytes);
  if (role !== 'timestamp' && role !== 'root') list(repository, role, bytes);
}

/** The name under which the newest metadata of a role lies. */
export function currentName(repository: TestRepository, role: string): ObjectName {
  if (role === 'timestamp') return LAYOUT.timestamp;
  return versioned(role, role === 'root' ? newestRoot(repository) : listed(repository, role).version);
}

/** Publishes the first metadata of a channel, signed as it should be. */
export function offerOn(repository: TestRepository, channel: string, targets: Json): void {
  const { expires = '', spec_version = '' } = signedOf(repository, currentName(repository, 'snapshot'));
  const fields = { _type: 'targets', spec_version, version: 1, expires, targets };
  const bytes = signWith(repository, fields, ['release-1', 'release-2']);
  write(repository, versioned(channel, 1), bytes);
  list(repository, channel, bytes);
}

export function signWith(repository: TestRepository, fields: SignedFields, keys: readonly KeyName[]): Buffer {
  return signEnvelope(
    fields,
    keys.map((name) => repository.seed(name)),
  );
}

/** Publishes a snapshot, or a timestamp, that names `bytes` as the newest of a role. */
export function list(repository: TestRepository, role: string, bytes: Uint8Array): void {
  const { signed } = JSON.parse(Buffer.from(bytes).toString()) as { signed: { version: number } };
  const entry = { version: signed.version, length: bytes.length, hashes: { sha256: sha256(bytes) } };
  resign(repository, role === 'snapshot' ? 'timestamp' : 'snapshot', (parent) => ({
    ...parent,
    meta: { ...fieldOf(parent, 'meta'), [`${role}.json`]: entry },
  }));
}

export function versioned(role: string, version: number): ObjectName {
  return LAYOUT.metadata(`${version}.${fileNameOf(role)}`);
}

function newestRoot({ path }: TestRepository): number {
  let version = 1;
  while (existsSync(join(path, LAYOUT.root(version + 1)))) version++;
  return version;
}

function raised(fields: SignedFields): SignedFields {
  return { ...fields, version: Number(fields.version) + 1 };
}

function same(fields: SignedFields): SignedFields {
  return fields;
}
