import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT, type ObjectName } from '@swupd/manifests';
import {
  fileNameOf,
  isRecord,
  type Json,
  parseEnvelope,
  type SignedFields,
  signEnvelope,
} from '@swupd/manifests/trust';
import { sha256 } from '@swupd/shared';
import type { TestRepository } from './test-repository.ts';
import { write } from './write-object.ts';

/** What a repository's `timestamp.json` says of one file. */
interface Listed {
  readonly version: number;
}

/**
 * Publishes another version of a role's metadata, signed by the real keys all the way up: whoever reads it can tell the lie from
 * what it says only. `role` is `targets`, `snapshot`, `timestamp`, a channel or a page of one.
 */
export function resign(
  repository: TestRepository,
  role: string,
  edit: (signed: SignedFields) => SignedFields,
): void {
  if (role === 'timestamp') {
    const signed = edit(raised(signedOf(repository, LAYOUT.timestamp)));
    write(repository, LAYOUT.timestamp, signEnvelope(signed, seedsOf(repository, role)));
    return;
  }
  const { version } = listed(repository, role);
  const signed = edit(raised(signedOf(repository, nameOf(role, version))));
  const bytes = signEnvelope(signed, seedsOf(repository, role));
  write(repository, nameOf(role, Number(signed.version)), bytes);
  const entry = { version: signed.version ?? 0, length: bytes.length, hashes: { sha256: sha256(bytes) } };
  resign(repository, role === 'snapshot' ? 'timestamp' : 'snapshot', (parent) => ({
    ...parent,
    meta: { ...fieldOf(parent, 'meta'), [`${role}.json`]: entry },
  }));
}

/** The signed part of a published file. */
export function signedOf(repository: TestRepository, name: ObjectName): SignedFields {
  const envelope = parseEnvelope(readFileSync(join(repository.path, name)));
  if (envelope === undefined) throw new TypeError(`${name} is no metadata`);
  return envelope.signed;
}

/** The published version of a role, as its parent lists it. */
export function listed(repository: TestRepository, role: string): Listed {
  const parent =
    role === 'snapshot' ? LAYOUT.timestamp : nameOf('snapshot', listed(repository, 'snapshot').version);
  const entry = fieldOf(signedOf(repository, parent), 'meta')[`${role}.json`];
  if (!isRecord(entry)) throw new TypeError(`${parent} does not list ${role}`);
  return { version: Number(entry.version) };
}

/** A field of metadata that is an object itself. */
export function fieldOf(signed: SignedFields, name: string): { readonly [key: string]: Json } {
  const value = signed[name];
  if (!isRecord(value)) throw new TypeError(`there is no ${name}`);
  return value;
}

function raised(signed: SignedFields): SignedFields {
  return { ...signed, version: Number(signed.version) + 1 };
}

function nameOf(role: string, version: number): ObjectName {
  return LAYOUT.metadata(`${version}.${fileNameOf(role)}`);
}

function seedsOf(repository: TestRepository, role: string): Uint8Array[] {
  if (role === 'snapshot' || role === 'timestamp') return [repository.seed(role)];
  const keys = role === 'targets' ? (['root-1', 'root-2'] as const) : (['release-1', 'release-2'] as const);
  return keys.map((name) => repository.seed(name));
}
