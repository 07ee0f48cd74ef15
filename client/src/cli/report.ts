import type { Progress, SwupdError } from '@swupd/shared';
import type { Answer } from './answer.ts';

/** Where a command's talk and its answer go. */
export interface Report {
  readonly progress: Progress;
  warn(message: string): void;
  error(error: SwupdError): void;
  answer(answer: Answer): void;
  /** Milliseconds by stage, and the whole. */
  times(stages: ReadonlyMap<string, number>, total: number): void;
  /** The last word: nothing is reported after it. */
  end(exit: number): void;
}
