/** How one encoder at one setting works, as far as the tokens and blocks show it. Sizes in bytes. */
export interface EncoderProfile {
  /** Whether a match is put off where the next position has a longer one. */
  readonly lazy: boolean;
  /** From this length on a quarter of the chain is searched. */
  readonly goodLength: number;
  /** Up to this length a better match is looked for at the next position; without `lazy`, all inside is entered. */
  readonly lazyMax: number;
  /** The search ends with a match as long as this. */
  readonly niceLength: number;
  /** Entries of a chain that are looked at. */
  readonly chain: number;
  /** Matches of 5 bytes and less are not taken (zlib's Z_FILTERED). */
  readonly filtered: boolean;
  /** The hash of three bytes has as many bits. */
  readonly hashBits: number;
  /** Tokens after which a block ends. */
  readonly blockTokens: number;
  /** GNU gzip, where the search runs into two zeros and old content behind the end. */
  readonly gzip: boolean;
  /** Whether a block may also end at each 4096 tokens, as GNU gzip's from level 3 on. */
  readonly splits: boolean;
}

type Level = readonly [goodLength: number, lazyMax: number, niceLength: number, chain: number];

/** The levels 1 to 9, the same in gzip and zlib, behind one that takes no matches (zlib's Z_HUFFMAN_ONLY). */
const LEVELS: readonly Level[] = [
  [0, 0, 0, 0],
  [4, 4, 8, 4],
  [4, 5, 16, 8],
  [4, 6, 32, 32],
  [4, 4, 16, 16],
  [8, 16, 32, 32],
  [8, 16, 128, 128],
  [8, 32, 128, 256],
  [32, 128, 258, 1024],
  [32, 258, 258, 4096],
];
const LAZY_FROM = 4;
const SPLITTING_FROM = 3;
const GZIP = { gzip: true, hashBits: 15, blockTokens: 32767, filtered: false };
const ZLIB = { gzip: false, filtered: false };

/** What the levels are combined with, in the order of their numbers. zlib has its memory level in hash and block. */
const FAMILIES = [
  GZIP,
  { ...ZLIB, hashBits: 15, blockTokens: 16383 },
  { ...ZLIB, hashBits: 16, blockTokens: 32767 },
  { ...ZLIB, hashBits: 15, blockTokens: 16383, filtered: true },
  { ...ZLIB, hashBits: 16, blockTokens: 32767, filtered: true },
] as const;

export const FAMILY_COUNT = FAMILIES.length;
export const LEVEL_COUNT = LEVELS.length;

/**
 * Every profile, by the number that it has in a payload. They are a limit too: no payload can ask for a longer search than the last level's.
 */
export const PROFILES: ReadonlyMap<number, EncoderProfile> = new Map(
  FAMILIES.flatMap((family, familyIndex) =>
    LEVELS.map(([goodLength, lazyMax, niceLength, chain], level): [number, EncoderProfile] => {
      const lazy = level >= LAZY_FROM;
      const splits = family.gzip && level >= SPLITTING_FROM;
      return [
        profileNumber(familyIndex, level),
        { lazy, goodLength, lazyMax, niceLength, chain, splits, ...family },
      ];
    }),
  ),
);

/** Both from 0 on. */
export function profileNumber(family: number, level: number): number {
  return family * 10 + level;
}
