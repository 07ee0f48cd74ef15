import type { KeyRing } from '../keys/key-ring.ts';
import type { MetadataChange } from '../metadata/metadata-change.ts';
import { notBefore } from '../metadata/not-before.ts';
import type { Policy } from '../metadata/policy.ts';
import { type ChangeBase, publishedPolicy, workingPolicy } from '../metadata/working-policy.ts';
import { preparedChange } from '../publication/prepared-metadata.ts';
import { type Publication, publishChange } from '../publication/publish-change.ts';
import { withRepository } from '../publication/with-repository.ts';
import { signOfferedMoms } from './offered-moms.ts';
import { retireKeys } from './retire-keys.ts';

export interface ChangeOptions {
  readonly repository: string;
  /** Called when the change is known: it may have made keys. */
  readonly openRing: () => KeyRing;
  /** When the change is made, seconds since 1970. */
  readonly time: number;
  /** For how long devices may trust the timestamp, seconds. */
  readonly life: number;
  readonly pid: number;
}

/** What became of a change. */
export interface ChangeOutcome {
  readonly change: MetadataChange;
  /** The policy that was published; undefined for a repository that is founded. */
  readonly before: Policy | undefined;
  /** The policy that holds when the change is published. */
  readonly after: Policy;
  readonly publication: Publication;
  /** Where the files of keys are now that speak for nothing any more. */
  readonly retired: readonly string[];
}

/**
 * Makes a change on top of what is published and of what waits for signatures, and publishes it, or lets it wait with the rest.
 * Builds that are offered get signatures by build keys that come.
 * @throws MetadataError, KeyError, BuildError, TrustError; what devices see is as it was then
 */
export function changeRepository(
  { repository, openRing, time: clock, life, pid }: ChangeOptions,
  make: (base: ChangeBase) => MetadataChange,
): ChangeOutcome {
  return withRepository(repository, pid, (state) => {
    const time = notBefore(state, clock);
    const prepared = preparedChange(repository, state);
    const change = make({ state, prepared, time });
    const changed = { state, prepared: change, time };
    const [before, after] = [publishedPolicy(state), workingPolicy(changed)];
    const ring = openRing();
    signOfferedMoms(repository, { before, after }, ring);
    const publication = publishChange(change, { repository, state, ring, time, life });
    const retired = publication.kind === 'published' ? retireKeys(ring, before, after) : [];
    return { change, before, after, publication, retired };
  });
}
