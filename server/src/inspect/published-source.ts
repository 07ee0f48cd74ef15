/** A published repository as a stranger sees it. Nothing that comes from it is to be trusted. */
export interface PublishedSource {
  /** For messages. */
  readonly description: string;
  /**
   * The bytes of the file `name`, or undefined where there is none.
   * @throws SourceError where it can't be read; the stream may throw the same
   */
  open(name: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** The size of the file in bytes, or undefined where there is none. @throws SourceError */
  sizeOf(name: string): Promise<number | undefined>;
  /** The names of all files; undefined where the source can't tell. */
  list(): Promise<readonly string[]> | undefined;
}

/** A file of the repository can't be read; that says nothing about what it holds. */
export class SourceError extends Error {}

/** The bytes of a file, cut off one byte behind `limit`; undefined where there is none. @throws SourceError */
export async function readUpTo(
  source: PublishedSource,
  name: string,
  limit: number,
): Promise<Uint8Array | undefined> {
  const body = await source.open(name);
  if (body === undefined) return undefined;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    parts.push(part);
    size += part.length;
    if (size > limit) break;
  }
  return Buffer.concat(parts).subarray(0, limit + 1);
}
