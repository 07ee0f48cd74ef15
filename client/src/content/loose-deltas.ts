import { type DocumentRef, type LooseDelta, parseDeltaIndex } from '@swupd/manifests';
import type { Digest } from '@swupd/shared';
import type { SourceChoice } from '../plan/choose-sources.ts';
import type { BundleSources } from '../plan/source.ts';
import type { LocalBlobs } from './local-blobs.ts';

/** A list of loose deltas is worth its bytes where so many times as much would come as fullfiles otherwise. */
const WORTH = 4;

export interface LooseDeltaContext {
  readonly bundles: readonly BundleSources[];
  readonly local: LocalBlobs;
  /** Verified bytes of a document. */
  readonly fetchDocument: (ref: DocumentRef) => Promise<Uint8Array>;
}

/** The loose deltas that a device can use. Their lists are fetched when packs don't serve, bundle by bundle, and once. */
export class LooseDeltas {
  readonly #context: LooseDeltaContext;
  readonly #asked = new Set<string>();
  readonly known: LooseDelta[] = [];

  constructor(context: LooseDeltaContext) {
    this.#context = context;
  }

  /** Fetches the lists that may save bytes of `choice`. A list that can't be had is as good as none. */
  async extendFor(choice: SourceChoice): Promise<boolean> {
    const before = this.known.length;
    for (const offer of this.#worthwhile(choice)) {
      this.#asked.add(offer.bundle.name);
      this.known.push(...(await this.#fetch(offer)));
    }
    return this.known.length > before;
  }

  #worthwhile({ sources }: SourceChoice): BundleSources[] {
    const fullfiles = new Map<Digest, number>();
    for (const source of sources)
      if (source.kind === 'fullfile') fullfiles.set(source.blob.digest, source.blob.storedSize);
    return this.#context.bundles.filter(({ bundle, blobs, installed }) => {
      if (bundle.deltaIndex === undefined || installed === undefined || this.#asked.has(bundle.name))
        return false;
      const bytes = [...fullfiles].reduce((sum, [digest, size]) => sum + (blobs.has(digest) ? size : 0), 0);
      return bytes > WORTH * bundle.deltaIndex.storedSize;
    });
  }

  async #fetch({ bundle }: BundleSources): Promise<LooseDelta[]> {
    if (bundle.deltaIndex === undefined) return [];
    try {
      const { deltas } = parseDeltaIndex(await this.#context.fetchDocument(bundle.deltaIndex));
      return deltas.filter(({ from }) => this.#context.local.has(from));
    } catch {
      return [];
    }
  }
}
