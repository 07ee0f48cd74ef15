import { asBuildError } from '../build-error.ts';
import type { RepositoryState } from '../metadata/repository-state.ts';
import { checkRepository, readMetadata } from '../repository/read-metadata.ts';
import { finishPublication } from './pending-publication.ts';
import { withPublicationLock } from './publication-lock.ts';

/**
 * Calls `action` with what is published, as the only one that publishes meanwhile.
 * @throws BuildError `not-a-repository`, `build-running`; TrustError where its metadata is damaged
 */
export function withRepository<T>(repository: string, pid: number, action: (state: RepositoryState) => T): T {
  checkRepository(repository);
  try {
    return withPublicationLock(repository, pid, () => {
      finishPublication(repository);
      return action(readMetadata(repository));
    });
  } catch (error) {
    throw asBuildError(error);
  }
}
