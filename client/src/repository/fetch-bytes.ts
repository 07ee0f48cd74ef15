import type { FetchOptions } from '@swupd/shared/io';
import type { Repository } from './repository.ts';
import { tooLong, tooShort } from './repository-error.ts';
import { withRetries } from './retry-policy.ts';

type BytesSource = Pick<Repository, 'fetch' | 'retry'>;

export interface FetchBytesOptions {
  /** Bytes at most; against endless bodies. */
  readonly limit: number;
  /** The exact size, where it is known. */
  readonly size?: number;
  readonly signal?: AbortSignal;
}

/**
 * A small object as a whole, in memory, unverified.
 * @throws RepositoryError `body-too-long`, `body-too-short`, `truncated`, and what the source throws, after retries
 */
export function fetchBytes(
  source: BytesSource,
  name: string,
  { limit, size, signal }: FetchBytesOptions,
): Promise<Buffer> {
  const fetch = { ...(size === undefined ? {} : { size }), ...(signal === undefined ? {} : { signal }) };
  return collectBody(source, name, { limit: Math.min(limit, size ?? limit), least: size ?? 0, fetch });
}

export interface FetchPartOptions {
  readonly offset: number;
  /** Exact bytes, at least one. */
  readonly length: number;
  /** Bytes of the whole object, from something signed. */
  readonly objectSize: number;
  readonly signal?: AbortSignal;
}

/**
 * A small part of an object, in memory, unverified: just these bytes.
 * @throws RepositoryError `range-refused`, `truncated`, `body-too-long`, `body-too-short`, and what the source throws, after
 * retries
 */
export function fetchPart(
  source: BytesSource,
  name: string,
  { offset, length, objectSize, signal }: FetchPartOptions,
): Promise<Buffer> {
  const fetch = { offset, length, size: objectSize, ...(signal === undefined ? {} : { signal }) };
  return collectBody(source, name, { limit: length, least: length, fetch });
}

interface CollectOptions {
  /** Bytes at most, and at least. */
  readonly limit: number;
  readonly least: number;
  readonly fetch: FetchOptions;
}

function collectBody(
  source: BytesSource,
  name: string,
  { limit, least, fetch }: CollectOptions,
): Promise<Buffer> {
  const attempt = async (): Promise<Buffer> => {
    const { body } = await source.fetch(name, fetch);
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of body) {
      length += chunk.length;
      if (length > limit) throw tooLong(name, limit);
      chunks.push(chunk);
    }
    if (length < least) throw tooShort(name, length, least);
    return Buffer.concat(chunks, length);
  };
  const { signal } = fetch;
  return withRetries(source.retry, attempt, { name, signal });
}
