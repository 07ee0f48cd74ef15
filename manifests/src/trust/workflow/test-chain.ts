import { publicKeyOf } from '@swupd/shared';
import { ed25519Key } from '../keys/key.ts';
import { type SignedFields, signEnvelope } from '../metadata/envelope.ts';
import { fileNameOf } from '../metadata/role-name.ts';
import { rootFields } from '../metadata/root.ts';
import { snapshotFields } from '../metadata/snapshot.ts';
import { targetsFields } from '../metadata/targets.ts';
import { timestampFields } from '../metadata/timestamp.ts';
import type { TrustRequest } from './trust-run.ts';

/** When the chain was made, seconds since 1970. */
export const TIME = 1_800_000_000;
export const EXPIRES = TIME + 1000;

export const SEEDS = {
  root: new Uint8Array(32).fill(1),
  timestamp: new Uint8Array(32).fill(2),
  snapshot: new Uint8Array(32).fill(3),
  targets: new Uint8Array(32).fill(4),
} as const;

type Role = keyof typeof SEEDS;

/** The smallest repository: a key a role, no targets. What a test changes in `fields` is signed and listed by `publish`. */
export class TestChain {
  /** Published files below the metadata's folder. */
  readonly files = new Map<string, Uint8Array>();
  /** What a device has stored. */
  readonly store = new Map<string, Uint8Array>();
  /** Names of the files that were fetched, in order. */
  readonly fetched: string[] = [];
  readonly root = this.#rootBytes(1);
  version = 0;

  /** Signs one more version of targets, snapshot and timestamp. */
  publish(edit: (role: Role, fields: SignedFields) => SignedFields = (_role, fields) => fields): void {
    const version = ++this.version;
    const sign = (role: Role, fields: SignedFields): Uint8Array => {
      const bytes = signEnvelope(edit(role, fields), [SEEDS[role]]);
      this.files.set(role === 'timestamp' ? 'timestamp.json' : `${version}.${fileNameOf(role)}`, bytes);
      return bytes;
    };
    const targets = { version, bytes: sign('targets', targetsFields({ version, expires: EXPIRES })) };
    const snapshot = {
      version,
      bytes: sign('snapshot', snapshotFields({ version, expires: EXPIRES, meta: { targets } })),
    };
    sign('timestamp', timestampFields({ version, expires: EXPIRES, time: TIME, snapshot }));
  }

  /** Publishes one more root, signed by the same keys. */
  addRoot(version: number): void {
    this.files.set(`${version}.root.json`, this.#rootBytes(version));
  }

  /** Answers as server and disk do. */
  readonly answer = (request: TrustRequest): Uint8Array | undefined => {
    if (request.kind === 'save') {
      this.store.set(request.role, request.bytes);
      return undefined;
    }
    if (request.kind === 'load') return this.store.get(request.role);
    this.fetched.push(request.name);
    return this.files.get(request.name);
  };

  #rootBytes(version: number): Uint8Array {
    const keys = (role: Role) => ({ keys: [ed25519Key(publicKeyOf(SEEDS[role]))], threshold: 1 });
    const roles = {
      root: keys('root'),
      timestamp: keys('timestamp'),
      snapshot: keys('snapshot'),
      targets: keys('targets'),
    };
    return signEnvelope(rootFields({ version, expires: EXPIRES, roles }), [SEEDS.root]);
  }
}
