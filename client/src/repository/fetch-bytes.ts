import type { Repository } from './repository.ts';
import { tooLong, tooShort } from './repository-error.ts';
import { withRetries } from './retry-policy.ts';

export interface FetchBytesOptions {
  /** Bytes at most; against endless bodies. */
  readonly limit: number;
  /** The exact size, where it is known. */
  readonly size?: number;
  readonly signal?: AbortSignal;
}

/**
 * A small object as a whole, in memory, unverified.
 * @throws RepositoryError `body-too-long`, `body-too-short`, and what the source throws, after retries
 */
export function fetchBytes(
  source: Pick<Repository, 'fetch' | 'retry'>,
  name: string,
  options: FetchBytesOptions,
): Promise<Buffer> {
  const { size, signal } = options;
  const limit = Math.min(options.limit, size ?? options.limit);
  const attempt = async (): Promise<Buffer> => {
    const { body } = await source.fetch(name, signal === undefined ? {} : { signal });
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of body) {
      length += chunk.length;
      if (length > limit) throw tooLong(name, limit);
      chunks.push(chunk);
    }
    if (size !== undefined && length < size) throw tooShort(name, length, size);
    return Buffer.concat(chunks, length);
  };
  return withRetries(source.retry, attempt, { name, signal });
}
