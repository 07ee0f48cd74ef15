import { sha256 } from '@swupd/shared';
import {
  Key,
  Metadata,
  MetaFile,
  Root,
  Signature,
  Snapshot,
  TargetFile,
  Targets,
  Timestamp,
} from '@tufjs/models';
import { Delegations } from '@tufjs/models/dist/delegations.js';
import { DelegatedRole } from '@tufjs/models/dist/role.js';
import { newSigner, type SimSigner } from '../simulator/sim-signer.ts';

export interface ForeignOptions {
  readonly expires: string;
  /** Whether names have versions, and those of targets hashes. */
  readonly consistentSnapshot: boolean;
}

type AnyMetadata = Metadata<Root> | Metadata<Timestamp> | Metadata<Snapshot> | Metadata<Targets>;

/** A repository that is put together, signed and written by the models of tuf-js. Files by name below `metadata/`. */
export class ForeignRepository {
  readonly files = new Map<string, Buffer>();
  readonly #options: ForeignOptions;
  readonly #signer = newSigner('ecdsa-sha2-nistp256');

  constructor(options: ForeignOptions, artifacts: Readonly<Record<string, Buffer>>) {
    this.#options = options;
    const root = new Root({ ...this.#common(), consistentSnapshot: options.consistentSnapshot });
    for (const role of ['root', 'timestamp', 'snapshot', 'targets']) root.addKey(keyOf(this.#signer), role);
    const bins = new Targets(this.#common());
    const named = new Targets(this.#common());
    for (const [path, bytes] of Object.entries(artifacts))
      (path.startsWith('bin/') ? bins : named).addTarget(fileOf(path, bytes));
    const targets = new Targets({ ...this.#common(), delegations: this.#delegations() });
    const meta = {
      'bins.json': this.#write('bins', new Metadata(bins)),
      'named.json': this.#write('named', new Metadata(named)),
      'targets.json': this.#write('targets', new Metadata(targets)),
    };
    const snapshotMeta = this.#write('snapshot', new Metadata(new Snapshot({ ...this.#common(), meta })));
    this.#write('timestamp', new Metadata(new Timestamp({ ...this.#common(), snapshotMeta })));
    this.#write('root', new Metadata(root));
  }

  #common(): { version: number; specVersion: string; expires: string } {
    return { version: 1, specVersion: '1.0.31', expires: this.#options.expires };
  }

  /** One role for the paths whose hash begins with one of the 16 digits, that is for all; the other one for two patterns. */
  #delegations(): Delegations {
    const key = keyOf(this.#signer);
    const common = { keyIDs: [key.keyID], threshold: 1, terminating: false };
    const roles = [
      new DelegatedRole({ ...common, name: 'named', paths: ['*.txt', 'folder/?'] }),
      new DelegatedRole({ ...common, name: 'bins', pathHashPrefixes: [...'0123456789abcdef'] }),
    ];
    return new Delegations({
      keys: { [key.keyID]: key },
      roles: Object.fromEntries(roles.map((role) => [role.name, role])),
    });
  }

  #write(role: string, metadata: AnyMetadata): MetaFile {
    metadata.sign((data) => new Signature({ keyID: this.#signer.keyid, sig: this.#signer.sign(data) }));
    const bytes = Buffer.from(JSON.stringify(metadata.toJSON(), null, 1));
    const isVersioned = role === 'root' || (this.#options.consistentSnapshot && role !== 'timestamp');
    this.files.set(isVersioned ? `1.${role}.json` : `${role}.json`, bytes);
    return new MetaFile({ version: 1, length: bytes.length, hashes: { sha256: sha256(bytes) } });
  }
}

function keyOf({ keyid, key }: SimSigner): Key {
  return Key.fromJSON(keyid, key as Parameters<typeof Key.fromJSON>[1]);
}

function fileOf(path: string, bytes: Buffer): TargetFile {
  return new TargetFile({ path, length: bytes.length, hashes: { sha256: sha256(bytes) } });
}
