import type { Signature } from '@swupd/manifests/trust';
import type { KeyRing } from '../keys/key-ring.ts';
import type { RepositoryState } from '../metadata/repository-state.ts';

/** What a change of the metadata is published with. */
export interface PublicationOptions {
  readonly repository: string;
  /** What is published; undefined for a repository that is founded. */
  readonly state: RepositoryState | undefined;
  readonly ring: KeyRing;
  /** When it is published, seconds since 1970. */
  readonly time: number;
  /** For how long devices may trust the timestamp, seconds. */
  readonly life: number;
  /** Signatures that were made elsewhere, by role. Bad ones do no harm. */
  readonly has?: ReadonlyMap<string, readonly Signature[]>;
}
