import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  fileNameOf,
  formatEnvelope,
  formatMomSignature,
  type Json,
  parseEnvelope,
  type SignedFields,
  signEnvelope,
  signMessage,
  signMom,
} from '@swupd/manifests/trust';
import { LAYOUT, type ObjectName } from '@swupd/manifests';
import { fromHex, sha256 } from '@swupd/shared';
import type { TestRepository } from '../support/test-repository.ts';

type Edit = (signed: SignedFields) => SignedFields;
/** Names of key files, without `.key`. */
export type KeyName =
  | 'root-1'
  | 'root-2'
  | 'root-3'
  | 'release-1'
  | 'release-2'
  | 'release-3'
  | 'build'
  | 'snapshot'
  | 'timestamp';

const SIGNERS: Readonly<Record<string, readonly KeyName[]>> = {
  root: ['root-1', 'root-2'],
  targets: ['root-1', 'root-2'],
  snapshot: ['snapshot'],
  timestamp: ['timestamp'],
};
const CHANNEL_SIGNERS: readonly KeyName[] = ['release-1', 'release-2'];

/** What somebody can publish who has some of a repository's keys, and no scruples. */
export class Forge {
  readonly repository: TestRepository;

  constructor(repository: TestRepository) {
    this.repository = repository;
  }

  /** The secret seed in a key file. */
  seed(name: KeyName): Uint8Array {
    const hex = readFileSync(join(this.repository.keys, `${name}.key`), 'latin1').split('\n')[1] ?? '';
    const seed = fromHex(hex);
    if (seed === undefined) throw new TypeError(`the key ${name} is malformed`);
    return seed;
  }

  read(name: ObjectName): Buffer {
    return readFileSync(join(this.repository.path, name));
  }

  write(name: ObjectName, bytes: Uint8Array): void {
    const path = join(this.repository.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }

  /** What a role has signed last. */
  signed(role: string): SignedFields {
    return signedIn(this.read(this.#newest(role)));
  }

  /** Signs what `edit` makes of a role's metadata under the same version or another one, and lists it nowhere. */
  sign(role: string, edit: Edit, keys: readonly KeyName[] = signersOf(role)): Buffer {
    const fields = edit(this.signed(role));
    const bytes = signEnvelope(
      fields,
      keys.map((name) => this.seed(name)),
    );
    const version = role === 'timestamp' ? '' : `${Number(fields.version)}.`;
    this.write(LAYOUT.metadata(`${version}${fileNameOf(role)}`), bytes);
    return bytes;
  }

  /** Publishes the next version of a role, with all that has to name it, properly signed but for `keys`. */
  publish(role: string, edit: Edit = (fields) => fields, keys?: readonly KeyName[]): void {
    const bytes = this.sign(role, (fields) => next(edit(fields)), keys);
    if (role === 'root' || role === 'timestamp') return;
    const entry = { [`${role}.json`]: fileMeta(bytes) };
    if (role === 'snapshot') this.publish('timestamp', (fields) => ({ ...fields, meta: entry }));
    else this.publish('snapshot', (fields) => ({ ...fields, meta: { ...(fields.meta as object), ...entry } }));
  }

  /** Signs a MoM with a build key. */
  signMom(version: number, key: KeyName | Uint8Array = 'build'): void {
    const seed = typeof key === 'string' ? this.seed(key) : key;
    const signature = signMom(this.read(LAYOUT.mom(version)), seed);
    this.write(LAYOUT.momSignature(version, signature.keyid), formatMomSignature(signature));
  }

  /** The name under which the newest version of a role lies. */
  #newest(role: string): ObjectName {
    if (role === 'timestamp') return LAYOUT.timestamp;
    const snapshot = (): ObjectName => {
      const meta = this.signed('timestamp').meta as Readonly<Record<string, { version: number }>>;
      return LAYOUT.metadata(`${meta['snapshot.json']?.version}.snapshot.json`);
    };
    if (role === 'snapshot') return snapshot();
    if (role === 'root') return LAYOUT.root(this.#newestRoot());
    const meta = this.signed('snapshot').meta as Readonly<Record<string, { version: number }>>;
    return LAYOUT.metadata(`${meta[`${role}.json`]?.version}.${fileNameOf(role)}`);
  }

  #newestRoot(): number {
    for (let version = 1; ; version++) {
      try {
        this.read(LAYOUT.root(version + 1));
      } catch {
        return version;
      }
    }
  }
}

export function signedIn(bytes: Uint8Array): SignedFields {
  const envelope = parseEnvelope(bytes);
  if (envelope === undefined) throw new TypeError('this is no signed metadata');
  return envelope.signed;
}

/** How metadata lists other metadata. */
export function fileMeta(bytes: Uint8Array): Json {
  return { version: Number(signedIn(bytes).version), length: bytes.length, hashes: { sha256: sha256(bytes) } };
}

/** Metadata with the signatures of `bytes`, and one more of the same by `seed` under the same key id. */
export function signTwice(bytes: Uint8Array, seed: Uint8Array): Buffer {
  const { signed, signatures } = parseEnvelope(bytes) ?? { signed: {}, signatures: [] };
  const [first = signMessage(bytes, seed)] = signatures;
  return formatEnvelope(signed, [first, first]);
}

function next(fields: SignedFields): SignedFields {
  return { ...fields, version: Number(fields.version) + 1 };
}

function signersOf(role: string): readonly KeyName[] {
  return SIGNERS[role] ?? CHANNEL_SIGNERS;
}
