import type { MetadataChange } from '../metadata/metadata-change.ts';
import type { RepositoryState } from '../metadata/repository-state.ts';
import { offerMoms } from './offer-moms.ts';
import { publishFiles } from './pending-publication.ts';
import { type PlannedPublication, planPublication } from './plan-publication.ts';
import { preparedFolder, preparedSignatures, removePrepared, writePrepared } from './prepared-metadata.ts';
import type { PublicationOptions } from './publication-options.ts';
import type { MissingSignatures } from './sign-part.ts';

export type Publication =
  /** It is published; `state` is what is published now. */
  | { readonly kind: 'published'; readonly state: RepositoryState }
  /** It waits in `folder` for signatures by others. Nothing that devices see has changed. */
  | {
      readonly kind: 'prepared';
      readonly folder: string;
      readonly missing: readonly MissingSignatures[];
    };

/**
 * Publishes a change as far as the keys at hand reach: all of it, signed, with a snapshot and a timestamp that name it, or nothing:
 * then it is prepared for those who have the other keys. A change of nothing renews the timestamp. Only for the holder of the
 * repository's lock.
 * @throws KeyError; BuildError `stale-change`, `bad-repository`
 */
export function publishChange(change: MetadataChange, options: PublicationOptions): Publication {
  const { repository } = options;
  // Signatures of another version are of no use, and do no harm.
  const has = new Map([...preparedSignatures(repository), ...(options.has ?? [])]);
  return carryOut(planPublication(change, { ...options, has }), options);
}

/** Carries out what was planned; when it is published, the file `remove` goes. */
export function carryOut(
  plan: PlannedPublication,
  { repository, state }: Pick<PublicationOptions, 'repository' | 'state'>,
  remove?: string,
): Publication {
  if (plan.kind === 'incomplete') {
    writePrepared(repository, plan.parts, state);
    return { kind: 'prepared', folder: preparedFolder(repository), missing: plan.missing };
  }
  offerMoms(repository, plan.state, plan.roles);
  publishFiles(repository, plan.files, remove);
  removePrepared(repository, plan.roles);
  return { kind: 'published', state: plan.state };
}
