import { type DeflateBlock, type DeflateStream, STORED } from './deflate-block.ts';
import { FAMILY_COUNT, LEVEL_COUNT, PROFILES, profileNumber } from './encoder-profile.ts';
import { takeApart } from './take-apart.ts';

export interface Choice {
  /** Number of the profile. */
  readonly profile: number;
  readonly correction: Uint8Array;
  /** As `workMax` counts it. */
  readonly work: number;
}

/** What most streams are made by; tried at once where the text is not large. */
const LIKELY = [{ profile: profileNumber(0, 9), sizeMax: 2 ** 18 }];
/** Tokens that show an encoder's level, and those that show its family by its blocks. */
const LEVEL_SAMPLE = 6000;
const FAMILY_SAMPLE = 40_000;

/**
 * The profile that leaves the smallest correction, as far as a look at the start of the stream tells, with that correction.
 * Undefined where all take too long.
 */
export function chooseProfile(stream: DeflateStream): Choice | undefined {
  const tried: Choice[] = [];
  for (const profile of candidates(stream)) {
    const choice = choose(stream, profile);
    if (choice === undefined) continue;
    if (choice.correction.length === 0) return choice;
    tried.push(choice);
  }
  return tried.sort((a, b) => a.correction.length - b.correction.length || a.profile - b.profile)[0];
}

/** The profiles worth trying on the whole stream, the likely ones first; worked out as they are asked for. */
function* candidates(stream: DeflateStream): Generator<number> {
  for (const { profile, sizeMax } of LIKELY) if (stream.size <= sizeMax) yield profile;
  const start = sampleOf(stream, LEVEL_SAMPLE);
  const levels = rank(
    start,
    range(LEVEL_COUNT).map((index) => profileNumber(1, LEVEL_COUNT - 1 - index)),
  );
  const [best = 0, second = 0] = levels.map((profile) => profile % 10);
  const sample = sampleOf(stream, FAMILY_SAMPLE);
  const families = rank(
    sample,
    range(FAMILY_COUNT).map((family) => profileNumber(family, best)),
  );
  const family = Math.floor((families[0] ?? 0) / 10);
  yield profileNumber(family, best);
  yield profileNumber(family, second);
}

/** By the size of their corrections, of equals in the given order. */
function rank(stream: DeflateStream, profiles: readonly number[]): number[] {
  const sizes = new Map(profiles.map((profile) => [profile, choose(stream, profile)?.correction.length]));
  return profiles.toSorted((a, b) => (sizes.get(a) ?? Number.MAX_VALUE) - (sizes.get(b) ?? Number.MAX_VALUE));
}

function choose(stream: DeflateStream, number: number): Choice | undefined {
  const profile = PROFILES.get(number);
  if (profile === undefined) return undefined;
  try {
    return { profile: number, ...takeApart(stream, profile) };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The start of a stream, up to about so many tokens. */
function sampleOf(stream: DeflateStream, tokensMax: number): DeflateStream {
  const blocks: DeflateBlock[] = [];
  let left = tokensMax;
  for (const block of stream.blocks) {
    if (left <= 0) break;
    blocks.push({ ...block, tokens: block.tokens.subarray(0, left) });
    left -= block.type === STORED ? block.size : block.tokens.length;
  }
  return { ...stream, blocks };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
