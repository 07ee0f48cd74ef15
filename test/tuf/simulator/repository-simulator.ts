import { formatTime, type Json } from '@swupd/manifests/trust';
import { sha256, sha512 } from '@swupd/shared';
import {
  newMeta,
  newRoot,
  newTargets,
  type SimDelegation,
  type SimEnvelope,
  type SimFileMeta,
  type SimMetadata,
  type SimRole,
  type SimSignature,
  type SimTarget,
  type SimTargets,
} from './sim-metadata.ts';
import { newSigner, type SimScheme, type SimSigner, signatureBy } from './sim-signer.ts';

export const DAY = 24 * 60 * 60;

const TOP_ROLES = ['root', 'timestamp', 'snapshot', 'targets'] as const;
type TopRole = (typeof TOP_ROLES)[number];

export interface SimulatorOptions {
  /** Of the keys that the simulator makes by itself. */
  readonly scheme: SimScheme;
  /** Seconds since 1970; everything expires 30 days later. */
  readonly now: number;
}

/**
 * A TUF repository in memory whose metadata a case changes as an honest or a hostile publisher would. What has been
 * published stays as it was. It counts what it is asked for.
 */
export class RepositorySimulator {
  readonly root;
  readonly timestamp;
  readonly snapshot;
  readonly targets;
  readonly delegated = new Map<string, SimTargets>();
  /** Secret keys held for each role, by key id. */
  readonly signers = new Map<string, Map<string, SimSigner>>();
  /** By role, then by the version in the URL, in the order of publication. */
  readonly published = new Map<string, Map<number, Buffer>>();
  /** By target path. */
  readonly artifacts = new Map<string, Buffer>();
  /** Lengths and hashes in timestamp and snapshot. */
  hashesInMeta = false;
  /** Role and version of each metadata file asked for; null for the one without a version in its name. */
  readonly metadataRequests: [role: string, version: number | null][] = [];
  /** The same as they were asked for, below `metadata/`. */
  readonly metadataNames: string[] = [];
  /** Target path and hash prefix of each artifact asked for. */
  readonly artifactRequests: [path: string, prefix: string][] = [];
  readonly #options: SimulatorOptions;

  constructor(options: SimulatorOptions) {
    this.#options = options;
    const expires = this.#expires();
    this.root = newRoot(expires);
    this.timestamp = newMeta('timestamp', expires);
    this.snapshot = newMeta('snapshot', expires);
    this.targets = newTargets(expires);
    for (const role of TOP_ROLES) this.addKey(role);
    this.publish([...TOP_ROLES].reverse());
  }

  /** Of a key pair such as the simulator makes them. */
  newSigner(fields: { readonly [field: string]: Json } = {}): SimSigner {
    return newSigner(this.#options.scheme, fields);
  }

  /** `days` from the start, as metadata write it. */
  day(days: number): string {
    return formatTime(this.#options.now + days * DAY);
  }

  /** The keys and the threshold of `role` as its delegator (root for the four roles) lists them. */
  role(role: string, delegator = 'root'): SimRole {
    if (isTopRole(role)) return this.root.roles[role];
    const found = this.targetsOf(delegator).delegations?.roles.find(({ name }) => name === role);
    if (found === undefined) throw new Error(`${delegator} delegates nothing to ${role}`);
    return found;
  }

  /** Lists a key for `role`, and keeps its secret unless told otherwise. */
  addKey(role: string, signer = this.newSigner(), { delegator = 'root', keep = true } = {}): SimSigner {
    this.role(role, delegator).keyids.push(signer.keyid);
    const keys = isTopRole(role) ? this.root.keys : this.targetsOf(delegator).delegations?.keys;
    Object.assign(keys ?? {}, { [signer.keyid]: signer.key });
    if (keep) this.keepSigner(role, signer);
    return signer;
  }

  /** From now on `role` is signed by this key as well, whoever lists it. */
  keepSigner(role: string, signer: SimSigner): void {
    this.signersOf(role).set(signer.keyid, signer);
  }

  signersOf(role: string): Map<string, SimSigner> {
    return getOrAdd(this.signers, role, () => new Map());
  }

  /** `count` new keys in place of all that `role` had; the threshold follows. */
  rotateKeys(role: string, count = 1): void {
    this.dropKeys(role);
    for (let index = 0; index < count; index++) this.addKey(role);
    this.role(role).threshold = count;
  }

  dropKeys(role: string): void {
    this.role(role).keyids = [];
    this.signersOf(role).clear();
  }

  targetsOf(role: string): SimTargets {
    const found = role === 'targets' ? this.targets : this.delegated.get(role);
    if (found === undefined) throw new Error(`there is no role ${role}`);
    return found;
  }

  metadataOf(role: string): SimMetadata {
    return role === 'root' || role === 'timestamp' || role === 'snapshot' ? this[role] : this.targetsOf(role);
  }

  /** Lists an artifact in `role`; it can be asked for at once, found only after publication. */
  addArtifact(path: string, content: string, role = 'targets'): void {
    const bytes = Buffer.from(content);
    this.artifacts.set(path, bytes);
    this.targetsOf(role).targets[path] = describeArtifact(bytes);
  }

  /** A delegation with a new key of its own; the role is made where there is none of that name. */
  addDelegation(delegator: string, delegation: Partial<SimDelegation> & { readonly name: string }): void {
    const { name } = delegation;
    const parent = this.targetsOf(delegator);
    parent.delegations ??= { keys: {}, roles: [] };
    const hasPaths = delegation.paths !== undefined || delegation.path_hash_prefixes !== undefined;
    parent.delegations.roles.push({
      keyids: [],
      threshold: 1,
      terminating: false,
      ...(hasPaths ? {} : { paths: ['*'] }),
      ...delegation,
    });
    getOrAdd(this.delegated, name, () => newTargets(this.#expires()));
    this.addKey(name, this.newSigner(), { delegator });
  }

  /** Raises the versions of `roles` in this order, signs them with all signers, and refers to them one level up. */
  publish(roles: readonly string[], { raise = true } = {}): void {
    for (const role of roles) {
      const metadata = this.metadataOf(role);
      if (raise) metadata.version++;
      this.publishBytes(role, this.sign(role));
    }
  }

  /** The newest state of all: what a build system does. */
  publishAll(): void {
    this.publish(['root', ...this.delegated.keys(), 'targets', 'snapshot', 'timestamp']);
  }

  /** The metadata of `role` as they are now, signed with all its signers. */
  sign(role: string): Buffer {
    const signed = this.metadataOf(role) as unknown as Json;
    const signatures = [...this.signersOf(role).values()].map((signer) => signatureBy(signer, signed));
    return Buffer.from(JSON.stringify({ signed, signatures }));
  }

  /** The same with other signatures than the honest ones, which `change` may alter. */
  signWith(role: string, change: (signatures: SimSignature[]) => SimSignature[]): Buffer {
    const { signed, signatures } = JSON.parse(this.sign(role).toString()) as SimEnvelope;
    return Buffer.from(JSON.stringify({ signed, signatures: change(signatures) }));
  }

  /** Puts any bytes behind a URL of `role`, and refers to them as to an honest publication. */
  publishBytes(role: string, bytes: Buffer, version = this.metadataOf(role).version): void {
    const all = getOrAdd(this.published, role, () => new Map());
    all.delete(version);
    all.set(version, bytes);
    const meta: SimFileMeta = { version: this.metadataOf(role).version };
    if (this.hashesInMeta) Object.assign(meta, { length: bytes.length, hashes: { sha256: sha256(bytes) } });
    if (role === 'snapshot') this.timestamp.meta['snapshot.json'] = meta;
    else if (role !== 'root' && role !== 'timestamp') this.snapshot.meta[`${role}.json`] = meta;
  }

  /** Takes back all that was published of `role`: the next publication has version 1. */
  rollBack(role: string): void {
    this.published.delete(role);
    this.metadataOf(role).version = 0;
  }

  /** What was published of `role` last, or behind the URL of `version`. */
  bytesOf(role: string, version?: number): Buffer | undefined {
    const all = this.published.get(role);
    return version === undefined ? [...(all?.values() ?? [])].at(-1) : all?.get(version);
  }

  /** The answer for a file below `metadata/`; undefined is a 404. */
  fetchMetadata(name: string): Buffer | undefined {
    this.metadataNames.push(name);
    const match = /^(?:(\d+)\.)?([^/]+)\.json$/.exec(name);
    if (match === null) return undefined;
    const role = decodeURIComponent(match[2] ?? '');
    const version = match[1] === undefined ? null : Number(match[1]);
    this.metadataRequests.push([role, version]);
    if ((version === null) !== (role === 'timestamp')) return undefined;
    return this.bytesOf(role, version ?? undefined);
  }

  /** The answer for a file below `targets/`: DIR/HASH.NAME. */
  fetchArtifact(name: string): Buffer | undefined {
    const match = /^(.*\/)?([0-9a-f]+)\.([^/]+)$/.exec(name);
    if (match === null) return undefined;
    const [, folder = '', prefix = '', base = ''] = match;
    this.artifactRequests.push([folder + base, prefix]);
    return this.artifacts.get(folder + base);
  }

  #expires(): number {
    return this.#options.now + 30 * DAY;
  }
}

/** As targets metadata list an artifact. */
export function describeArtifact(bytes: Uint8Array, algorithms: readonly string[] = ['sha256']): SimTarget {
  const hashes: Record<string, string> = {};
  if (algorithms.includes('sha256')) hashes.sha256 = sha256(bytes);
  if (algorithms.includes('sha512')) hashes.sha512 = Buffer.from(sha512(bytes)).toString('hex');
  return { length: bytes.length, hashes };
}

function isTopRole(role: string): role is TopRole {
  return (TOP_ROLES as readonly string[]).includes(role);
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
