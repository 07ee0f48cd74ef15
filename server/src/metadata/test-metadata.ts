// A repository in memory for the tests of this room, signed for real and read by the workflow of devices.
import {
  BUILD_ROLE,
  driveTrust,
  ed25519Key,
  type FileRef,
  fileNameOf,
  type Json,
  keyIdOf,
  loadChannel,
  loadOlderPage,
  refreshTrust,
  type SignedFields,
  signEnvelope,
  snapshotFields,
  type Targets,
  type TrustRun,
  timestampFields,
} from '@swupd/manifests/trust';
import { type Digest, publicKeyOf, sha256 } from '@swupd/shared';
import { foundMetadata } from './found-metadata.ts';
import type { MetadataChange } from './metadata-change.ts';
import type { BuildOffer } from './offer-build.ts';
import { signersOf } from './policy.ts';
import { readPolicy } from './read-policy.ts';
import type { RepositoryState } from './repository-state.ts';
import { publishedPolicy } from './working-policy.ts';

export const TIME = 1_800_000_000;
const EXPIRES = TIME + 10 * 365 * 86_400;

const seedOf = (byte: number): Uint8Array => Buffer.alloc(32, byte);

/** A key whose seed is 32 times `byte`. */
export function testKey(byte: number): Json {
  return ed25519Key(publicKeyOf(seedOf(byte)));
}

export function testKeyId(byte: number): Digest {
  return keyIdOf(testKey(byte));
}

export const group = (threshold: number, ...bytes: number[]) => ({ keys: bytes.map(testKey), threshold });

const SEEDS = new Map(Array.from({ length: 99 }, (_, i) => [testKeyId(i + 1), seedOf(i + 1)]));

export function testOffer(version: number, more: Partial<BuildOffer> = {}): BuildOffer {
  return { version, digest: sha256(Buffer.from(String(version))), size: 4000 + version, ...more };
}

/** What a repository in memory has published. */
export interface TestState extends RepositoryState {
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Root keys 1, 2, 3, release keys 11, 12, 13, build 21, snapshot 31, timestamp 41. */
export function found(): TestState {
  const change = foundMetadata({
    product: 'test',
    keys: {
      root: group(2, 1, 2, 3),
      release: group(2, 11, 12, 13),
      build: group(1, 21),
      snapshot: group(1, 31),
      timestamp: group(1, 41),
    },
    channels: ['stable', 'beta'],
    time: TIME,
  });
  return publish(undefined, change);
}

/** The state after a change, signed by as few keys as have to; a device that was up to date before accepts it. */
export function publish(state: TestState | undefined, change: MetadataChange): TestState {
  const files = new Map(state?.files);
  const policy = readPolicy({
    root: change.root ?? state?.set.root.signed ?? {},
    targets: change.targets ?? state?.set.targets?.signed ?? {},
    channels: new Map([
      ...[...(state?.roles ?? [])].map(([n, p]) => [n, p.signed] as const),
      ...change.channels,
    ]),
  });
  const keysOf = (role: string, from = policy): Uint8Array[] => {
    const { keys, threshold } = signersOf(from, role) ?? { keys: [], threshold: 0 };
    return keys.slice(0, threshold).map((key) => SEEDS.get(keyIdOf(key)) ?? seedOf(0));
  };
  const write = (role: string, fields: SignedFields, seeds: readonly Uint8Array[]): FileRef => {
    const bytes = signEnvelope(fields, [...new Set(seeds)]);
    const name = fileNameOf(role);
    files.set(role === 'timestamp' ? name : `${Number(fields.version)}.${name}`, bytes);
    return { version: Number(fields.version), bytes };
  };
  if (change.root !== undefined) {
    const before = state === undefined ? [] : keysOf('root', publishedPolicy(state));
    write('root', change.root, unique([...before, ...keysOf('root')]));
  }
  const meta: Record<string, FileRef> = {};
  for (const [role, page] of [['targets', state?.set.targets] as const, ...(state?.roles ?? [])]) {
    if (page !== undefined) meta[role] = page;
  }
  if (change.targets !== undefined) meta.targets = write('targets', change.targets, keysOf('targets'));
  for (const [role, fields] of change.channels) meta[role] = write(role, fields, keysOf(role));
  const version = (state?.set.snapshot?.version ?? 0) + 1;
  const dated = { version, expires: EXPIRES };
  const snapshot = write('snapshot', snapshotFields({ ...dated, meta }), keysOf('snapshot'));
  write(
    'timestamp',
    timestampFields({ ...dated, time: TIME, product: 'test', snapshot }),
    keysOf('timestamp'),
  );
  return { ...readState(files), files };
}

function readState(files: ReadonlyMap<string, Uint8Array>): RepositoryState {
  const drive = <T>(run: TrustRun<T>): T =>
    driveTrust(run, (request) => (request.kind === 'fetch' ? files.get(request.name) : undefined));
  let set = drive(refreshTrust({ root: files.get('1.root.json') ?? Buffer.alloc(0), clock: TIME }));
  const roles = new Map<string, Targets>();
  for (const { name } of set.targets?.delegations ?? []) {
    if (name === BUILD_ROLE || set.snapshot?.meta.has(name) !== true) continue;
    for (let at = drive(loadChannel(set, name)); ; ) {
      set = at.set;
      roles.set(at.name, at.page);
      const older = drive(loadOlderPage(set, name, at));
      if (older === undefined) break;
      at = older;
    }
  }
  return { set, roles };
}

function unique(seeds: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(seeds.map((seed) => [seed[0], seed])).values()];
}
