import { type DocumentRef, LAYOUT, type Manifest, parseManifest } from '@swupd/manifests';
import { type Digest, decompressFrame } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import { decode } from './check-content.ts';
import { type Inspection, readExpected } from './inspection.ts';

/** Manifests that are held at a time: what an update of one bundle lies between, and a few more. */
const HELD = 6;

/** Reads manifests, and keeps the last few: differences, packs and deltas need the one that they start from again. */
export class ManifestShelf {
  readonly #inspection: Inspection;
  readonly #held = new Map<Digest, Manifest>();
  readonly #bad = new Set<Digest>();

  constructor(inspection: Inspection) {
    this.#inspection = inspection;
  }

  /** The manifest; undefined where it can't be had, which has been reported once. */
  async read(ref: DocumentRef): Promise<Manifest | undefined> {
    const held = this.#held.get(ref.digest);
    this.#held.delete(ref.digest);
    const manifest = held ?? (await this.#load(ref));
    if (manifest === undefined) return undefined;
    this.#held.set(ref.digest, manifest);
    const [oldest] = this.#held.keys();
    if (this.#held.size > HELD && oldest !== undefined) this.#held.delete(oldest);
    return manifest;
  }

  async #load(ref: DocumentRef): Promise<Manifest | undefined> {
    if (this.#bad.has(ref.digest)) return undefined;
    const manifest = await parseDocument(this.#inspection, ref, parseManifest);
    if (manifest === undefined) this.#bad.add(ref.digest);
    return manifest;
  }
}

/** What `parse` makes of a verified document; undefined where there is none to be had, which is reported. */
export async function parseDocument<T>(
  inspection: Inspection,
  ref: DocumentRef,
  parse: (bytes: Uint8Array) => T,
): Promise<T | undefined> {
  const bytes = await readDocument(inspection, ref);
  if (bytes === undefined) return undefined;
  try {
    return parse(bytes);
  } catch (error) {
    inspection.findings.addError(LAYOUT.document(ref.digest), error);
    return undefined;
  }
}

/** The plain bytes of a document, verified in both forms. */
async function readDocument(inspection: Inspection, ref: DocumentRef): Promise<Uint8Array | undefined> {
  const name = LAYOUT.document(ref.digest);
  const stored = await readExpected(inspection, name, { size: ref.storedSize, digest: ref.storedDigest });
  if (stored === undefined) return undefined;
  const plain = decode(inspection, name, () => decompressFrame(stored, ref.size));
  if (plain === undefined || hashContent(plain) === ref.digest) return plain;
  inspection.findings.add(
    'wrong-digest',
    name,
    'the document in the frame has another digest than announced',
  );
  return undefined;
}
