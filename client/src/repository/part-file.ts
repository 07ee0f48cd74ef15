import type { Digest } from '@swupd/shared';
import type { AppendFile, DownloadFiles } from './download-files.ts';
import { strongEtag } from './entity-tag.ts';
import { sentAgain, tooLong } from './repository-error.ts';

/** So many times the size may come for nothing: a server that breaks off late and says that its object is another one by now. */
const AGAIN = 4;

/** One object, or a part of one, to bring into the folder of downloads. Size and digest come from something signed. */
export interface DownloadRequest {
  /** In the repository. */
  readonly name: string;
  /** Exact bytes. */
  readonly size: number;
  /** For a part of an object: where in it the part begins, and the bytes of the whole. */
  readonly range?: { readonly offset: number; readonly objectSize: number };
  /** SHA-256 of the stored bytes, where it is known; else whoever decodes them verifies them. */
  readonly digest?: Digest;
  /** In the folder of downloads. `FILE.part` and `FILE.part.etag` stand beside it until it is complete. */
  readonly file: string;
}

/**
 * A download that is under way: its bytes so far, from this run and earlier ones, and the entity tag they came with.
 * It never holds more than the announced size.
 */
export class PartFile {
  /** Bytes that are there. */
  position = 0;
  /** Of the object that the bytes came from. */
  etag: string | undefined;
  /** Whether the bytes came in more than one answer, so that they may be of different objects. */
  inPieces = false;
  readonly #files: DownloadFiles;
  readonly #request: DownloadRequest;
  readonly #onBytes: (there: number) => void;
  readonly #part: string;
  readonly #tag: string;
  #open: AppendFile | undefined;
  /** Bytes of this run that came for nothing. */
  #lost = 0;

  constructor(files: DownloadFiles, request: DownloadRequest, onBytes: (there: number) => void) {
    this.#files = files;
    this.#request = request;
    this.#onBytes = onBytes;
    this.#part = `${request.file}.part`;
    this.#tag = `${request.file}.part.etag`;
  }

  /** Takes over what an earlier run has left, where its end can be told from the bytes of another object. */
  async resume(): Promise<void> {
    const { size, digest } = this.#request;
    const there = this.#files.sizeOf(this.#part) ?? 0;
    this.etag = strongEtag(this.#files.readText(this.#tag));
    const usable = there <= size && (this.etag !== undefined || digest !== undefined);
    this.inPieces = usable && there > 0;
    await this.#openAt(usable ? there : 0);
  }

  /**
   * Forgets all bytes; those to come are of the object with `etag`.
   * @throws RepositoryError `body-too-long` where that happens too often
   */
  async restart(etag?: string): Promise<void> {
    const { name, size } = this.#request;
    this.#lost += this.position;
    if (this.#lost > AGAIN * size) throw sentAgain(name, this.#lost);
    this.inPieces = false;
    this.etag = etag;
    await this.#openAt(0);
    if (etag === undefined) this.#files.remove(this.#tag);
    else this.#files.writeText(this.#tag, etag);
  }

  /** @throws RepositoryError `body-too-long`, before a byte too many is written */
  async write(bytes: Uint8Array): Promise<void> {
    const { name, size } = this.#request;
    if (this.position + bytes.length > size) throw tooLong(name, size);
    await this.#open?.write(bytes);
    this.position += bytes.length;
    this.#onBytes(this.position);
  }

  /** Whether all bytes are there and have the digest, where one is known. */
  isGood(): boolean {
    const { size, digest } = this.#request;
    return this.position === size && (digest === undefined || this.#files.hash(this.#part).digest === digest);
  }

  /** Gives the file its final name. */
  async finish(): Promise<void> {
    await this.#open?.sync();
    await this.close();
    this.#files.rename(this.#part, this.#request.file);
    this.#files.remove(this.#tag);
  }

  async discard(): Promise<void> {
    await this.close();
    this.#files.remove(this.#part);
    this.#files.remove(this.#tag);
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.close();
  }

  async #openAt(position: number): Promise<void> {
    await this.close();
    this.#open = await this.#files.append(this.#part, position);
    this.position = position;
    this.#onBytes(position);
  }
}
