import { findTarget, refreshTrust, type TrustedSet } from '@swupd/manifests/trust';
import { SwupdError } from '@swupd/shared';
import { fetchBytes, type Repository } from '../../../client/src/repository/index.ts';
import { driveTrustAsync, type TrustAnswer } from '../../../client/src/trust/drive-trust.ts';
import { fetchMetadata } from '../../../client/src/trust/fetch-metadata.ts';
import type { Outcome } from './tuf-client.ts';

/** The workflow of a device over its real network source, with a store in memory. */
export interface SourceClient {
  readonly store: Map<string, Uint8Array>;
  refresh(repository: Repository): Promise<Outcome>;
  /** Looks for a target, and does not download it. */
  find(repository: Repository, path: string): Promise<Outcome>;
  /** A file below `targets/` of which `length` bytes are announced. */
  fetchTarget(repository: Repository, name: string, length: number): Promise<Outcome>;
}

export function sourceClient(root: Uint8Array, now: number): SourceClient {
  const store = new Map([['root', root]]);
  const refresh = (repository: Repository): Promise<TrustedSet> => {
    const run = refreshTrust({ root: store.get('root') ?? root, clock: now });
    return driveTrustAsync(run, answerFrom(store, repository));
  };
  return {
    store,
    refresh: (repository) => outcomeOf(() => refresh(repository)),
    find: (repository, path) =>
      outcomeOf(async () => {
        const set = await refresh(repository);
        const { target } = await driveTrustAsync(findTarget(set, path), answerFrom(store, repository));
        if (target === undefined) throw new NoTarget(path);
      }),
    fetchTarget: (repository, name, length) =>
      outcomeOf(() => fetchBytes(repository, `targets/${name}`, { limit: length, size: length })),
  };
}

function answerFrom(store: Map<string, Uint8Array>, repository: Repository): TrustAnswer {
  return (request) => {
    if (request.kind === 'fetch') return fetchMetadata(repository, request, {});
    if (request.kind === 'load') return store.get(request.role);
    store.set(request.role, request.bytes);
    return undefined;
  };
}

class NoTarget extends Error {}

async function outcomeOf(run: () => Promise<unknown>): Promise<Outcome> {
  try {
    await run();
    return { ok: true };
  } catch (error) {
    if (error instanceof NoTarget) return { ok: false, code: 'unknown-target' };
    if (error instanceof SwupdError) return { ok: false, code: error.code };
    throw error;
  }
}
