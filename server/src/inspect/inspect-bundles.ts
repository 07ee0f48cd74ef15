import {
  applyDifference,
  blobsOf,
  type DocumentRef,
  LAYOUT,
  type LooseDelta,
  type Manifest,
  type Mom,
  type MomBundle,
  parseDeltaIndex,
} from '@swupd/manifests';
import type { Digest } from '@swupd/shared';
import type { StoredContent } from './check-content.ts';
import { checkPack } from './check-pack.ts';
import { inLanes } from './in-lanes.ts';
import type { Inspection } from './inspection.ts';
import { ManifestShelf, parseDocument } from './manifest-shelf.ts';

/** What the documents of all builds name, each once. */
export interface NamedObjects {
  readonly blobs: ReadonlyMap<Digest, StoredContent>;
  /** By `FROM-TO`. */
  readonly deltas: ReadonlyMap<string, LooseDelta>;
  readonly documents: number;
  readonly packs: number;
}

/** Reads all documents of the builds and checks them against each other, and the packs, bundle by bundle. */
export async function inspectBundles(inspection: Inspection, moms: readonly Mom[]): Promise<NamedObjects> {
  const names = new Set(moms.flatMap(({ bundles }) => bundles.map(({ name }) => name)));
  const reader = new BundleReader(inspection);
  let done = 0;
  for (const name of [...names].sort()) {
    await reader.read(moms.flatMap(({ bundles }) => bundles.filter((bundle) => bundle.name === name)));
    inspection.progress.report({ stage: 'bundles', done: ++done, total: names.size, unit: 'files' });
  }
  inspection.progress.finish('bundles');
  return reader.objects();
}

class BundleReader {
  readonly #inspection: Inspection;
  readonly #shelf: ManifestShelf;
  readonly #blobs = new Map<Digest, StoredContent>();
  readonly #deltas = new Map<string, LooseDelta>();
  readonly #documents = new Set<Digest>();
  readonly #packs = new Set<Digest>();

  constructor(inspection: Inspection) {
    this.#inspection = inspection;
    this.#shelf = new ManifestShelf(inspection);
  }

  /** One bundle, as each of the builds has it. */
  async read(bundles: readonly MomBundle[]): Promise<void> {
    const versions = new Map<number, DocumentRef>();
    for (const { name, version, manifest } of bundles) {
      const known = versions.get(version);
      if (known !== undefined && known.digest !== manifest.digest)
        this.#differs(manifest, `the builds name two manifests of version ${version} of ${name}`);
      versions.set(version, manifest);
    }
    for (const bundle of bundles) {
      const manifest = this.#isNew(bundle.manifest) ? await this.#readManifest(bundle) : undefined;
      for (const blob of manifest === undefined ? [] : blobsOf(manifest)) this.#addBlob(bundle, blob);
    }
    for (const bundle of bundles) await this.#readRest(bundle, versions);
  }

  objects(): NamedObjects {
    const [documents, packs] = [this.#documents.size, this.#packs.size];
    return { blobs: this.#blobs, deltas: this.#deltas, documents, packs };
  }

  async #readManifest(bundle: MomBundle): Promise<Manifest | undefined> {
    const manifest = await this.#shelf.read(bundle.manifest);
    if (manifest === undefined) return undefined;
    const size = manifest.entries.reduce((sum, entry) => sum + (entry.type === 'file' ? entry.size : 0), 0);
    const wrong = [
      manifest.bundle !== bundle.name && `belongs to ${manifest.bundle}`,
      manifest.version !== bundle.version && `has version ${manifest.version}`,
      manifest.entries.length !== bundle.entries && `has ${manifest.entries.length} entries`,
      size !== bundle.contentSize && `has ${size} bytes of content`,
    ].find((text) => text !== false);
    if (wrong !== undefined)
      this.#differs(
        bundle.manifest,
        `the manifest ${wrong}, which is not what the MoM says of ${bundle.name}`,
      );
    return manifest;
  }

  /** What lies between the manifests of a bundle. Where it starts from a build that is not there any more, nobody can use it. */
  async #readRest(bundle: MomBundle, versions: ReadonlyMap<number, DocumentRef>): Promise<void> {
    const manifest = (version: number): Promise<Manifest | undefined> | undefined => {
      const ref = versions.get(version);
      return ref === undefined ? undefined : this.#shelf.read(ref);
    };
    for (const { from, document } of bundle.differences) {
      if (this.#isNew(document)) await this.#readDifference(bundle, document, versions.get(from));
    }
    if (bundle.deltaIndex !== undefined && this.#isNew(bundle.deltaIndex))
      await this.#readDeltas(bundle, bundle.deltaIndex);
    const packs = bundle.packs.filter(({ digest }) => !this.#packs.has(digest));
    for (const { digest } of packs) this.#packs.add(digest);
    await inLanes(packs, this.#inspection.lanes, async (ref) => {
      const [from, to] = [await manifest(ref.from), await manifest(bundle.version)];
      await checkPack(this.#inspection, ref, { bundle, from, to });
    });
  }

  async #readDifference(bundle: MomBundle, ref: DocumentRef, from: DocumentRef | undefined): Promise<void> {
    const old = from === undefined ? undefined : await this.#shelf.read(from);
    await parseDocument(this.#inspection, ref, (bytes) => {
      if (old === undefined || from === undefined) return;
      const { manifest } = applyDifference({ manifest: old, digest: from.digest }, bytes);
      if (manifest.version !== bundle.version)
        this.#differs(ref, `the difference leads to version ${manifest.version} of ${bundle.name}`);
    });
  }

  async #readDeltas(bundle: MomBundle, ref: DocumentRef): Promise<void> {
    const index = await parseDocument(this.#inspection, ref, parseDeltaIndex);
    if (index === undefined) return;
    if (index.bundle !== bundle.name) this.#differs(ref, `the list of deltas belongs to ${index.bundle}`);
    for (const delta of index.deltas) {
      if (!this.#blobs.has(delta.to)) this.#differs(ref, `a delta leads to ${delta.to}, which no build has`);
      else this.#deltas.set(`${delta.from}-${delta.to}`, delta);
    }
  }

  #addBlob({ manifest, name }: MomBundle, blob: StoredContent): void {
    const known = this.#blobs.get(blob.digest);
    if (known === undefined) this.#blobs.set(blob.digest, blob);
    else if (known.size !== blob.size || known.storedSize !== blob.storedSize)
      this.#differs(manifest, `${name} says another size of the blob ${blob.digest} than others`);
  }

  #isNew({ digest }: DocumentRef): boolean {
    return !this.#documents.has(digest) && this.#documents.add(digest).has(digest);
  }

  #differs({ digest }: DocumentRef, message: string): void {
    this.#inspection.findings.add('manifest-differs', LAYOUT.document(digest), message);
  }
}
