import type { SwupdError } from '@swupd/shared';

/** What a command has to say, once for each kind of reader. Only the one that is asked for is made. */
export interface Answer {
  readonly exit: number;
  /** Lines for people. */
  readonly text: () => readonly string[];
  /** Lines for scripts (`--quiet`): stable, nothing but the value. */
  readonly quiet: () => readonly string[];
  /** The structured result for programs (`--json-output`). */
  readonly data: () => Readonly<Record<string, unknown>>;
  /** What went wrong without stopping the command. */
  readonly errors?: readonly SwupdError[];
}

/** Exit code for `no`: nothing newer, something found, declined. */
export const EXIT_NO = 1;
