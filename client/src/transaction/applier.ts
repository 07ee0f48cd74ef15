import type { Progress } from '@swupd/shared';
import type { Notice } from '../plan/plan.ts';
import type { Journal } from './journal.ts';

/**
 * How a staged plan becomes the system. *In place* changes the root that runs; others may prepare a second one. Nothing
 * above this port may know which one runs.
 */
export interface Applier {
  /** Before the commit. May be called again for the same journal after a cut. */
  apply(journal: Journal, progress: Progress): void;
  /** After the commit: what the new version no longer has. Gives what it had to leave. */
  removeObsolete(journal: Journal): Notice[];
}
