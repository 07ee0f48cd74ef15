import type { Json } from '@swupd/manifests/trust';
import { sha256, sha512 } from '@swupd/shared';
import { EditableRepository, getOrAdd, type SimulatorOptions, TOP_ROLES } from './editable-repository.ts';
import type { SimEnvelope, SimFileMeta, SimSignature, SimTarget } from './sim-metadata.ts';
import { signatureBy } from './sim-signer.ts';

/**
 * A TUF repository in memory, published by an honest hand or a hostile one. What has been published stays as it was. It counts
 * what it is asked for.
 */
export class RepositorySimulator extends EditableRepository {
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

  constructor(options: SimulatorOptions) {
    super(options);
    this.publish([...TOP_ROLES].reverse());
  }

  /** Lists an artifact in `role`; it can be asked for at once, found only after publication. */
  addArtifact(path: string, content: string, role = 'targets'): void {
    const bytes = Buffer.from(content);
    this.artifacts.set(path, bytes);
    this.targetsOf(role).targets[path] = describeArtifact(bytes);
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
}

/** As targets metadata list an artifact. */
export function describeArtifact(bytes: Uint8Array, algorithms: readonly string[] = ['sha256']): SimTarget {
  const hashes: Record<string, string> = {};
  if (algorithms.includes('sha256')) hashes.sha256 = sha256(bytes);
  if (algorithms.includes('sha512')) hashes.sha512 = Buffer.from(sha512(bytes)).toString('hex');
  return { length: bytes.length, hashes };
}
