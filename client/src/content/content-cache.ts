import { type Digest, type FileName, isDigest } from '@swupd/shared';
import { type Directory, errnoOf, ownName, removeIfThere, type WritableFile } from '../disk/index.ts';
import { hashReadable } from '../inspect/observe.ts';

/** Blobs in plain form under their digests: nothing gets such a name before its bytes have been verified. */
export class ContentCache {
  readonly #directory: Directory;

  /** `directory` is on the file system of the root where possible, so that staging can rename. */
  constructor(directory: Directory) {
    this.#directory = directory;
  }

  /** Digests of what is there; from an earlier run, so to be verified before use. */
  list(): Digest[] {
    return this.#directory.list().filter((name: string): name is Digest & FileName => isDigest(name));
  }

  has(digest: Digest): boolean {
    return this.#directory.lookup(nameOf(digest))?.type === 'file';
  }

  /** Whether the blob is there and its bytes are still right; removes it where they are not. */
  verify(digest: Digest): boolean {
    if (!this.has(digest)) return false;
    const file = this.#directory.openFile(nameOf(digest));
    try {
      if (hashReadable(file) === digest) return true;
    } finally {
      file.close();
    }
    this.remove(digest);
    return false;
  }

  /** A place to write a blob to. Nothing is visible under its digest before `keep`. */
  begin(digest: Digest): PendingBlob {
    const name = ownName(`${digest}.new`);
    removeIfThere(this.#directory, name);
    return new PendingBlob(this.#directory, name, this.#directory.createFile(name, 0o600));
  }

  /** Moves the blob out of the cache, to where it is needed for the last time. */
  take(digest: Digest, directory: Directory, name: FileName): void {
    this.#directory.rename(nameOf(digest), directory, name);
  }

  /** Opens the blob for copying. */
  open(digest: Digest): ReturnType<Directory['openFile']> {
    return this.#directory.openFile(nameOf(digest));
  }

  remove(digest: Digest): void {
    removeIfThere(this.#directory, nameOf(digest));
  }

  /** Where the cache lies, for staging on the same file system. */
  get directory(): Directory {
    return this.#directory;
  }
}

/** A blob on its way into the cache. */
export class PendingBlob {
  readonly #directory: Directory;
  readonly #name: FileName;
  readonly #file: WritableFile;

  constructor(directory: Directory, name: FileName, file: WritableFile) {
    this.#directory = directory;
    this.#name = name;
    this.#file = file;
  }

  write(bytes: Uint8Array): void {
    this.#file.write(bytes);
  }

  /** Shows the blob under its digest. The caller has verified what it wrote. */
  keep(digest: Digest): void {
    this.#file.close();
    this.#directory.rename(this.#name, this.#directory, nameOf(digest));
  }

  discard(): void {
    this.#file.close();
    try {
      this.#directory.removeFile(this.#name);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }
}

function nameOf(digest: Digest): FileName {
  return ownName(digest);
}
