import type { BlockStatistics } from './block-statistics.ts';
import type { EncoderProfile } from './encoder-profile.ts';

/** GNU gzip thinks about the end of a block each time it has so many tokens more. */
const SPLIT_EVERY = 4096;

/**
 * Whether an encoder of the profile ends its block behind the last token, which started `size` bytes behind the block's start.
 */
export function isBlockEnd(statistics: BlockStatistics, profile: EncoderProfile, size: number): boolean {
  const { tokens, matches } = statistics;
  if (tokens >= profile.blockTokens) return true;
  if (!profile.splits || tokens % SPLIT_EVERY !== 0) return false;
  // The lazy encoder is one byte further when it counts.
  const seen = size + (profile.lazy ? 1 : 0);
  const written = (tokens * 8 + statistics.distanceBits(() => 5)) >> 3;
  return matches < tokens >> 1 && written < seen >> 1;
}
