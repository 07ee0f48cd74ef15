import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  blobsOf,
  type DocumentRef,
  formatDeltaIndex,
  formatDifference,
  formatManifest,
  formatMom,
  formatPackHead,
  LAYOUT,
  type LooseDelta,
  type Manifest,
  type Mom,
  type MomBundle,
  type ObjectName,
  type PackMember,
  type PackRef,
} from '@swupd/manifests';
import { type BundleName, bytesOf, compress, compressFrame, type Digest } from '@swupd/shared';
import { encodeDelta } from '@swupd/shared/delta';
import { hashContent } from '@swupd/shared/io';
import { entriesOf, TEST_TIME, type Tree } from './test-support.ts';
import { type TestOffer, type TestSeeds, TestTrust } from './test-trust.ts';

/** A published repository in a folder, for tests: small, and as honest as the test wants it to be. */

export interface TestBundle {
  readonly tree: Tree;
  readonly includes?: readonly string[];
  readonly alsoAdd?: readonly string[];
}

export interface TestBuild {
  readonly version: number;
  readonly bundles: Readonly<Record<string, TestBundle>>;
  /** What the build has besides fullfiles; default nothing. */
  readonly packs?: boolean;
  readonly looseDeltas?: boolean;
  readonly differences?: boolean;
  readonly offer?: TestOffer;
  /** Whether other keys speak for root and timestamp from now on. */
  readonly newKeys?: boolean;
}

interface Published {
  readonly mom: Mom;
  readonly manifests: ReadonlyMap<string, Manifest>;
  readonly digests: ReadonlyMap<string, Digest>;
}

export class TestRepository {
  readonly path: string;
  readonly trust: TestTrust;
  #last: Published | undefined;
  readonly #contents = new Map<Digest, Buffer>();

  constructor(path: string, seeds: Partial<TestSeeds> = {}) {
    this.path = path;
    this.trust = new TestTrust((name, bytes) => this.write(name, bytes), seeds);
  }

  /** The trust anchor. */
  get anchor(): Uint8Array {
    return this.trust.anchor;
  }

  write(name: ObjectName, bytes: Uint8Array): void {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    writeFileSync(join(this.path, name), bytes);
  }

  read(name: ObjectName): Buffer {
    return readFileSync(join(this.path, name));
  }

  /** Spoils a published file. */
  damage(name: ObjectName, change: (bytes: Buffer) => Uint8Array): void {
    this.write(name, change(this.read(name)));
  }

  remove(name: string): void {
    rmSync(join(this.path, name), { recursive: true, force: true });
  }

  async publish(build: TestBuild): Promise<Mom> {
    const published = { manifests: new Map<string, Manifest>(), digests: new Map<string, Digest>() };
    const bundles: MomBundle[] = [];
    for (const [name, bundle] of Object.entries(build.bundles).sort(([a], [b]) => (a < b ? -1 : 1))) {
      const manifest = this.#manifest(name, bundle.tree, build.version);
      const document = this.#document(formatManifest(manifest));
      published.manifests.set(name, manifest);
      published.digests.set(name, document.digest);
      bundles.push(await this.#bundle(build, { name, bundle, manifest, document }));
    }
    const { version } = build;
    const mom = { version, previous: this.#last?.mom.version ?? 0, time: TEST_TIME, bundles };
    this.#last = { mom, ...published };
    if (build.newKeys === true) this.trust.replaceKeys(version);
    this.publishMom(mom, build.offer);
    return mom;
  }

  /** Signs a MoM, and offers it. */
  publishMom(mom: Mom, offer: TestOffer = {}): void {
    const bytes = formatMom(mom);
    this.write(LAYOUT.mom(mom.version), bytes);
    this.trust.offer(mom.version, bytes, offer);
    this.trust.publish();
  }

  /** The name by which devices ask for the MoM of a build. */
  momName(mom: Mom, channel = 'stable'): ObjectName {
    return LAYOUT.momTarget(channel, mom.version, hashContent(formatMom(mom)));
  }

  #manifest(name: string, tree: Tree, version: number): Manifest {
    for (const node of Object.values(tree)) if (node.type === 'file') this.#fullfile(bytesOf(node.content));
    const before = this.#last?.manifests.get(name);
    const entries = entriesOf(tree, version).map((entry) => {
      const old = before?.entries.find(({ path }) => path === entry.path);
      const stored = entry.type === 'file' ? { ...entry, storedSize: this.#storedSize(entry.digest) } : entry;
      return old !== undefined && JSON.stringify({ ...old, version }) === JSON.stringify(stored)
        ? old
        : stored;
    });
    const isSame = before !== undefined && JSON.stringify(before.entries) === JSON.stringify(entries);
    return isSame ? before : { bundle: name, version, entries };
  }

  #storedSize(digest: Digest): number {
    return readFileSync(join(this.path, LAYOUT.blob(digest))).length;
  }

  #fullfile(content: Buffer): void {
    const digest = hashContent(content);
    this.#contents.set(digest, content);
    this.write(LAYOUT.blob(digest), compress(content, 3).bytes);
  }

  #document(plain: Uint8Array): DocumentRef {
    const stored = compressFrame(plain, 3);
    const digest = hashContent(plain);
    this.write(LAYOUT.document(digest), stored);
    return { digest, size: plain.length, storedDigest: hashContent(stored), storedSize: stored.length };
  }

  async #bundle(build: TestBuild, input: BundleInput): Promise<MomBundle> {
    const { name, bundle, manifest, document } = input;
    const before = this.#last?.manifests.get(name);
    const digest = this.#last?.digests.get(name);
    const isChanged = before !== undefined && before !== manifest;
    const differences =
      build.differences === true && isChanged && digest !== undefined
        ? [
            {
              from: before.version,
              document: this.#document(
                formatDifference({ manifest: before, digest }, { manifest, digest: document.digest }),
              ),
            },
          ]
        : [];
    const packs = build.packs === true ? [this.#zeroPack(manifest)] : [];
    if (build.packs === true && isChanged) packs.push(await this.#deltaPack(before, manifest));
    const deltas = build.looseDeltas === true && isChanged ? await this.#looseDeltas(before, manifest) : [];
    return {
      name: name as BundleName,
      version: manifest.version,
      manifest: document,
      entries: manifest.entries.length,
      contentSize: manifest.entries.reduce((sum, entry) => sum + (entry.type === 'file' ? entry.size : 0), 0),
      includes: [...(bundle.includes ?? [])].sort() as BundleName[],
      alsoAdd: [...(bundle.alsoAdd ?? [])].sort() as BundleName[],
      description: `the bundle ${name}`,
      packs,
      differences,
      deltaIndex:
        deltas.length === 0 ? undefined : this.#document(formatDeltaIndex({ bundle: name, deltas })),
    };
  }

  #zeroPack(manifest: Manifest): PackRef {
    const blobs = blobsOf(manifest);
    const members = blobs.map(
      ({ digest, size }): PackMember => ({ kind: 'full', filter: 'none', digest, size }),
    );
    const parts = blobs.map(({ digest }) => this.#content(digest));
    return this.#pack({ from: undefined, to: manifest }, members, parts);
  }

  async #deltaPack(from: Manifest, to: Manifest): Promise<PackRef> {
    const members: PackMember[] = [];
    const parts: Uint8Array[] = [];
    for (const { digest, size, old } of pairs(from, to)) {
      const encoded =
        old === undefined ? undefined : await encodeDelta(this.#content(old), this.#content(digest), 3);
      const delta = encoded !== undefined && encoded.container.length < size ? encoded.container : undefined;
      if (delta === undefined || old === undefined)
        members.push({ kind: 'full', filter: 'none', digest, size });
      else members.push({ kind: 'delta', digest, size, from: old, length: delta.length });
      parts.push(delta ?? this.#content(digest));
    }
    return this.#pack({ from, to }, members, parts);
  }

  #pack(
    { from, to }: { from: Manifest | undefined; to: Manifest },
    members: readonly PackMember[],
    parts: readonly Uint8Array[],
  ): PackRef {
    const plain = Buffer.concat(parts);
    const stored = compress(plain, 3).bytes;
    const frames = [{ storedSize: stored.length, plainSize: plain.length, members }];
    const index = { bundle: to.bundle, from: from?.version ?? 0, to: to.version, frames };
    const head = formatPackHead(index, { from: from === undefined ? [] : blobsOf(from), to: blobsOf(to) });
    const bytes = Buffer.concat([head, stored]);
    const digest = hashContent(bytes);
    this.write(LAYOUT.pack(digest), bytes);
    return { from: from?.version ?? 0, digest, size: bytes.length };
  }

  async #looseDeltas(from: Manifest, to: Manifest): Promise<LooseDelta[]> {
    const deltas: LooseDelta[] = [];
    for (const { digest, old, size } of pairs(from, to)) {
      const encoded =
        old === undefined ? undefined : await encodeDelta(this.#content(old), this.#content(digest), 3);
      if (old === undefined || encoded === undefined || encoded.container.length >= size) continue;
      this.write(LAYOUT.delta(old, digest), encoded.stored);
      deltas.push({
        to: digest,
        from: old,
        length: encoded.container.length,
        storedSize: encoded.stored.length,
      });
    }
    return deltas.sort((a, b) => (a.to + a.from < b.to + b.from ? -1 : 1));
  }

  #content(digest: Digest): Buffer {
    const content = this.#contents.get(digest);
    if (content === undefined) throw new TypeError(`no build has had ${digest}`);
    return content;
  }
}

interface BundleInput {
  readonly name: string;
  readonly bundle: TestBundle;
  readonly manifest: Manifest;
  readonly document: DocumentRef;
}

/** The blobs that `to` has and `from` has not, each with what was at its path before. */
function pairs(from: Manifest, to: Manifest): { digest: Digest; size: number; old: Digest | undefined }[] {
  const known = new Set(blobsOf(from).map(({ digest }) => digest));
  return blobsOf(to)
    .filter(({ digest }) => !known.has(digest))
    .map(({ digest, size }) => {
      const path = to.entries.find((entry) => entry.type === 'file' && entry.digest === digest)?.path;
      const old = from.entries.find((entry) => entry.path === path);
      return { digest, size, old: old?.type === 'file' ? old.digest : undefined };
    });
}
