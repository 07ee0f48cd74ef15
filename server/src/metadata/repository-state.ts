import type { Targets, TrustedSet } from '@swupd/manifests/trust';

/** What is published: the trusted set of a device that is up to date, and all metadata of channels that the snapshot names. */
export interface RepositoryState {
  readonly set: TrustedSet;
  /** Channels and their older pages, by role name. */
  readonly roles: ReadonlyMap<string, Targets>;
}
