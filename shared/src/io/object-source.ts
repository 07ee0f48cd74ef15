/** Where in an object to start, and who may stop the transfer. */
export interface FetchOptions {
  /** Bytes to skip: what an earlier attempt has received. */
  readonly offset?: number;
  /** With `offset`: the entity tag that came with those bytes. Where the object has changed since, it comes from its start. */
  readonly etag?: string;
  /**
   * Only so many bytes, at least one. A source that can't give just these, or not of the object with `etag`, gives an error and
   * never another part.
   */
  readonly length?: number;
  /** What the whole object should have. A source that knows of another size says so at once, as an error. */
  readonly size?: number;
  readonly signal?: AbortSignal;
}

/** The bytes of an object, from `offset` on. */
export interface FetchedObject {
  /** Where `body` really starts: 0 where the source could not or would not skip. */
  readonly offset: number;
  /** A strong entity tag, for a later attempt. */
  readonly etag: string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

/** The smallest thing that the client needs of a repository: a web server, a folder, a USB stick. */
export interface ObjectSource {
  /** For messages. */
  readonly description: string;
  /** @throws an error of the source's own area, with whether trying again can help */
  fetch(name: string, options?: FetchOptions): Promise<FetchedObject>;
  close(): Promise<void>;
}
