import { LAYOUT } from '@swupd/manifests';
import type { TrustRequest } from '@swupd/manifests/trust';
import { fetchBytes, hasCode, type Repository } from '../repository/index.ts';

/**
 * Metadata by its name, unverified; undefined where the repository has none.
 * @throws RepositoryError, `body-too-long` above `limit` among them
 */
export async function fetchMetadata(
  repository: Pick<Repository, 'fetch' | 'retry'>,
  { name, limit, role }: Extract<TrustRequest, { kind: 'fetch' }>,
  stop: { readonly signal?: AbortSignal },
): Promise<Uint8Array | undefined> {
  try {
    return await fetchBytes(repository, LAYOUT.metadata(name), { limit, ...stop });
  } catch (error) {
    if (hasCode(error, 'not-found')) return undefined;
    if (role === 'root' && isForbidden(error)) return undefined;
    throw error;
  }
}

/** Object storage refuses what is not there. Of the next root that is the usual answer; anything else has to be there. */
function isForbidden(error: unknown): boolean {
  return hasCode(error, 'access-refused') && error.details.status === 403;
}
