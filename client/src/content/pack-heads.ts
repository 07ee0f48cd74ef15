import { FormatError, type Manifest, type PackRef, packHeadSize } from '@swupd/manifests';
import { type Digest, SwupdError } from '@swupd/shared';
import { chooseHeads, type HeadChoice } from '../plan/choose-heads.ts';
import type { SourceChoice } from '../plan/choose-sources.ts';
import type { PackLayout } from '../plan/pack-layout.ts';
import type { BundleSources } from '../plan/source.ts';
import { hasCode } from '../repository/index.ts';
import type { LocalBlobs } from './local-blobs.ts';
import { parsePackLayout } from './parse-pack-layout.ts';
import type { SourceFailure } from './round-result.ts';

/** A head that is so many times what was guessed is no honest one, or shows too late what it may save. */
const LONGEST = 16;

export interface PackHeadContext {
  readonly bundles: readonly BundleSources[];
  readonly local: LocalBlobs;
  /** Manifests of a bundle: the one that its packs lead to, and the installed one. */
  readonly manifestsOf: (bundle: string) => { readonly to: Manifest; readonly from: Manifest | undefined };
  /** These bytes of a pack, unverified. */
  readonly fetchPart: (pack: PackRef, offset: number, length: number) => Promise<Uint8Array>;
}

/** The layouts of packs that a device needs a part of. Heads are fetched when they may pay, and once. */
export class PackHeads {
  readonly #context: PackHeadContext;
  readonly #asked = new Set<Digest>();
  #hopeless = false;
  readonly known = new Map<Digest, PackLayout>();
  /** Heads that could not be had, or were no good. */
  readonly failures: SourceFailure[] = [];

  constructor(context: PackHeadContext) {
    this.#context = context;
  }

  /** Fetches the heads that may make `choice` cheaper. Without one, what is chosen already still stands. */
  async extendFor(choice: SourceChoice, spent: ReadonlySet<string>): Promise<boolean> {
    const before = this.known.size;
    const { bundles, local } = this.#context;
    for (const head of chooseHeads(choice, { bundles, local, asked: this.#asked, spent })) {
      if (this.#hopeless) break;
      this.#asked.add(head.pack.digest);
      await this.#learn(head);
    }
    return this.known.size > before;
  }

  async #learn(head: HeadChoice): Promise<void> {
    const { bundle, pack } = head;
    try {
      const bytes = await this.#fetch(head);
      this.known.set(
        pack.digest,
        parsePackLayout(bytes, { bundle, pack, ...this.#context.manifestsOf(bundle) }),
      );
    } catch (error) {
      if (!(error instanceof SwupdError) || hasCode(error, 'aborted')) throw error;
      // A server that gives no parts of one pack gives none of another.
      if (hasCode(error, 'range-refused', 'server-unreachable')) this.#hopeless = true;
      this.failures.push({ source: `head:${pack.digest}`, reason: error.message, cause: error });
    }
  }

  async #fetch({ pack, guess }: HeadChoice): Promise<Uint8Array> {
    const { fetchPart } = this.#context;
    const first = await fetchPart(pack, 0, guess);
    const size = packHeadSize(first);
    if (size <= first.length) return first.subarray(0, size);
    if (size > pack.size || size > LONGEST * guess)
      throw new FormatError('bad-pack', `the head of the pack has ${size} bytes`);
    return Buffer.concat([first, await fetchPart(pack, first.length, size - first.length)]);
  }
}
