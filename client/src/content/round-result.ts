import type { Digest } from '@swupd/shared';

/** What a round of sources brought. Sources that are not named as failed have given what they had. */
export interface RoundResult {
  readonly acquired: readonly Digest[];
  readonly failures: readonly SourceFailure[];
}

export interface SourceFailure {
  readonly source: string;
  readonly reason: string;
  readonly cause?: unknown;
}
