import type { DocumentRef } from '@swupd/manifests';
import type { MomFiles } from '@swupd/manifests/trust';
import { compressFrame, type Digest, decompressFrame } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import { type Directory, ownName, readWhole, removeIfThere, replaceFile } from '../disk/index.ts';

const KEEP_LEVEL = 3;

/** MoMs and documents that this device has verified once. Damaged ones count as absent: they can be fetched again. */
export class ReleaseStore {
  readonly #releases: Directory;
  readonly #documents: Directory;

  constructor(releases: Directory, documents: Directory) {
    this.#releases = releases;
    this.#documents = documents;
  }

  /** The MoM is the right one; its signatures are for the caller to verify, who fetches them again where they don't hold. */
  mom(digest: Digest): MomFiles | undefined {
    const mom = readWhole(this.#releases, `${digest}.mom`);
    if (mom === undefined || hashContent(mom) !== digest) return undefined;
    return { mom, signatures: splitLines(readWhole(this.#releases, `${digest}.sig`)) };
  }

  keepMom(files: MomFiles): Digest {
    const digest = hashContent(files.mom);
    this.#replace(`${digest}.sig`, joinLines(files.signatures));
    this.#replace(`${digest}.mom`, files.mom);
    return digest;
  }

  /** The plain bytes of a document. */
  document(ref: DocumentRef): Uint8Array | undefined {
    const stored = readWhole(this.#documents, `${ref.digest}.zst`);
    if (stored === undefined) return undefined;
    try {
      const plain = decompressFrame(stored, ref.size);
      return hashContent(plain) === ref.digest ? plain : undefined;
    } catch {
      return undefined;
    }
  }

  /** Keeps the verified plain bytes of a document, lightly compressed: the device reads them more often than it writes them. */
  keepPlainDocument({ digest }: DocumentRef, plain: Uint8Array): void {
    replaceFile(this.#documents, `${digest}.zst`, compressFrame(plain, KEEP_LEVEL));
  }

  /** Removes all but the named releases and documents; gives the names that went (or would go), below the state directory. */
  prune(
    keep: { readonly moms: ReadonlySet<Digest>; readonly documents: ReadonlySet<Digest> },
    dryRun: boolean,
  ): string[] {
    return [
      ...this.#pruneFolder(this.#releases, keep.moms, dryRun).map((name) => `releases/${name}`),
      ...this.#pruneFolder(this.#documents, keep.documents, dryRun).map((name) => `documents/${name}`),
    ];
  }

  #replace(name: string, bytes: Uint8Array): void {
    if (readWhole(this.#releases, name)?.equals(bytes) !== true) replaceFile(this.#releases, name, bytes);
  }

  #pruneFolder(directory: Directory, keep: ReadonlySet<string>, dryRun: boolean): string[] {
    const names = directory.list().filter((name) => !keep.has(name.split('.')[0] ?? ''));
    if (!dryRun) for (const name of names) removeIfThere(directory, ownName(name));
    return names;
  }
}

/** Signature files are one line each; one that is not falls apart, and counts as damaged. */
function joinLines(files: readonly Uint8Array[]): Buffer {
  return Buffer.concat(files.flatMap((file) => [file, Buffer.from('\n')]));
}

function splitLines(bytes: Buffer | undefined): Buffer[] {
  const lines = bytes?.toString('latin1').split('\n') ?? [];
  return lines.filter((line) => line !== '').map((line) => Buffer.from(line, 'latin1'));
}
