import { asBuildError } from '../build-error.ts';
import { publishedPolicy } from '../metadata/working-policy.ts';
import { writeRepository } from '../publication/init-repository.ts';
import { planPublication } from '../publication/plan-publication.ts';
import {
  changeOf,
  preparedFolder,
  preparedSignatures,
  readPrepared,
  removePrepared,
} from '../publication/prepared-metadata.ts';
import { withPublicationLock } from '../publication/publication-lock.ts';
import type { ChangeOptions, ChangeOutcome } from './change-repository.ts';
import { nothingPrepared } from './prepared-release.ts';
import { signaturesMissing } from './signatures-missing.ts';

/**
 * Makes a repository of the first metadata that `init` has prepared, when enough holders of the root keys have signed them.
 * @throws CeremonyError `nothing-prepared`, `signatures-missing`; KeyError `keys-missing`
 */
export function foundPrepared({ repository, openRing, time, life, pid }: ChangeOptions): ChangeOutcome {
  const change = changeOf(readPrepared(repository), undefined);
  if (change?.root === undefined) throw nothingPrepared(preparedFolder(repository));
  try {
    return withPublicationLock(repository, pid, () => {
      const has = preparedSignatures(repository);
      const options = { repository, state: undefined, ring: openRing(), time, life, has };
      const plan = planPublication(change, options);
      if (plan.kind === 'incomplete') throw signaturesMissing(plan.missing, repository);
      writeRepository(repository, plan.files);
      removePrepared(repository, plan.roles);
      const { state } = plan;
      const publication = { kind: 'published', state } as const;
      return { change, before: undefined, after: publishedPolicy(state), publication, retired: [] };
    });
  } catch (error) {
    throw asBuildError(error);
  }
}
