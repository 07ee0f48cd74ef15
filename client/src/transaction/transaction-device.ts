import type { Progress } from '@swupd/shared';
import type { ContentCache } from '../content/content-cache.ts';
import type { Directory, Disk } from '../disk/index.ts';
import type { StateDirectory } from '../state/state-directory.ts';

/** What a transaction needs of the device that it changes. */
export interface TransactionDevice {
  readonly root: Directory;
  readonly state: Pick<StateDirectory, 'top'>;
  readonly cache: ContentCache;
  readonly ports: { readonly disk: Disk; readonly progress: Progress; readonly now: () => number };
}
