import { refreshTrust, type TrustRequest } from '@swupd/manifests/trust';
import { SwupdError } from '@swupd/shared';
import { fetchBytes, hasCode, type Repository } from '../../../client/src/repository/index.ts';
import type { Outcome } from './tuf-client.ts';

/** The workflow of a device over its real network source, with a store in memory. */
export interface SourceClient {
  readonly store: Map<string, Uint8Array>;
  refresh(repository: Repository): Promise<Outcome>;
  /** A file below `targets/` of which `length` bytes are announced. */
  fetchTarget(repository: Repository, name: string, length: number): Promise<Outcome>;
}

export function sourceClient(root: Uint8Array, now: number): SourceClient {
  const store = new Map([['root', root]]);
  return {
    store,
    refresh: (repository) =>
      outcomeOf(async () => {
        const run = refreshTrust({ root: store.get('root') ?? root, clock: now });
        for (let step = run.next(); step.done !== true; )
          step = run.next(await answer(store, repository, step.value));
      }),
    fetchTarget: (repository, name, length) =>
      outcomeOf(() => fetchBytes(repository, `targets/${name}`, { limit: length, size: length })),
  };
}

async function answer(
  store: Map<string, Uint8Array>,
  repository: Repository,
  request: TrustRequest,
): Promise<Uint8Array | undefined> {
  if (request.kind === 'load') return store.get(request.role);
  if (request.kind === 'save') {
    store.set(request.role, request.bytes);
    return undefined;
  }
  try {
    return await fetchBytes(repository, `metadata/${request.name}`, { limit: request.limit });
  } catch (error) {
    if (hasCode(error, 'not-found')) return undefined;
    throw error;
  }
}

async function outcomeOf(run: () => Promise<unknown>): Promise<Outcome> {
  try {
    await run();
    return { ok: true };
  } catch (error) {
    if (error instanceof SwupdError) return { ok: false, code: error.code };
    throw error;
  }
}
