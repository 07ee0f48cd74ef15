import type { Repository } from '../../../client/src/repository/index.ts';
import { RepositoryError } from '../../../client/src/repository/repository-error.ts';

/** Published files by name. */
export type Objects = ReadonlyMap<string, Buffer>;

/** A repository that is always there, and answers at once. */
export function memoryRepository(objects: Objects): Repository {
  const stats = { requests: 0, bytes: 0 };
  return {
    description: 'a repository in memory',
    stats,
    retry: { maxRetries: 0, delay: 0, longest: 0, random: () => 0 },
    async fetch(name, { offset = 0, length } = {}) {
      stats.requests++;
      const object = objects.get(name);
      if (object === undefined) throw new RepositoryError('not-found', `there is no ${name}`);
      const start = Math.min(offset, object.length);
      const bytes = object.subarray(start, length === undefined ? undefined : start + length);
      stats.bytes += bytes.length;
      return { offset: start, etag: undefined, body: inOnePiece(bytes) };
    },
    async close() {},
  };
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}
