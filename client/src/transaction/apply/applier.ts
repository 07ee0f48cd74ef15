import type { Progress } from '@swupd/shared';
import type { Notice } from '../../plan/plan.ts';
import type { Journal } from '../journal/journal.ts';
import type { KeptContent } from './kept-content.ts';

export interface RemovalOptions {
  /** Gets what versions to go back to need. */
  readonly kept: KeptContent;
  /** Makes all that was done durable. */
  readonly sync: () => void;
}

/**
 * How a staged plan becomes the system. *In place* changes the root that runs; others may prepare a second one. Nothing
 * above this port may know which one runs.
 */
export interface Applier {
  /** Before the commit. May be called again for the same journal after a cut. */
  apply(journal: Journal, progress: Progress): void;
  /** Before the commit, when it can't be carried through: makes the system what it was. May be called again after a cut. */
  takeBack(journal: Journal): void;
  /** After the commit: what the new version no longer has. Gives what it had to leave. */
  removeObsolete(journal: Journal, options: RemovalOptions): Notice[];
}
