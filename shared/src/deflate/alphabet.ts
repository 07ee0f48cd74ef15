/** The symbols of deflate and the bits behind them. RFC 1951, section 3.2.5. */

export const MATCH_MIN = 3;
export const MATCH_MAX = 258;
export const END_OF_BLOCK = 256;
/** Symbols of the literal/length code and of the distance code that a stream may use. */
export const LITERAL_SYMBOLS = 286;
export const DISTANCE_SYMBOLS = 30;
/** Bits of the longest code, and of the longest code for code lengths. */
export const CODE_BITS_MAX = 15;
export const LENGTH_CODE_BITS_MAX = 7;
/** The order in which a block header has the lengths of the code for code lengths. Section 3.2.7. */
export const LENGTH_CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] as const;

/** Extra bits of the length symbols 257 to 285, and the shortest match of each. */
export const LENGTH_EXTRA = Uint8Array.of(
  ...[0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0],
);
export const LENGTH_BASE = basesOf(LENGTH_EXTRA, MATCH_MIN);
LENGTH_BASE[28] = MATCH_MAX;

/** Extra bits of the distance symbols 0 to 29, and the shortest distance of each. */
export const DISTANCE_EXTRA = Uint8Array.from({ length: DISTANCE_SYMBOLS }, (_, symbol) =>
  Math.max(0, (symbol >> 1) - 1),
);
export const DISTANCE_BASE = basesOf(DISTANCE_EXTRA, 1);

/** Lengths of the fixed codes. Section 3.2.6. */
export const FIXED_LITERAL_LENGTHS = Uint8Array.from({ length: 288 }, (_, symbol) =>
  symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
);
export const FIXED_DISTANCE_LENGTHS = new Uint8Array(DISTANCE_SYMBOLS).fill(5);

const LENGTH_SYMBOL = symbolsOf(LENGTH_BASE, MATCH_MAX);
/** By distance below 257, and by distance / 128 from there on. */
const NEAR_SYMBOL = symbolsOf(DISTANCE_BASE, 256);
const FAR_SYMBOL = symbolsOf(
  DISTANCE_BASE.map((base) => (base - 1) >> 7),
  255,
);

/** Index of a match length in the tables above; its symbol is 257 more. */
export function lengthIndex(length: number): number {
  return LENGTH_SYMBOL[length] ?? 0;
}

export function distanceSymbol(distance: number): number {
  return (distance <= 256 ? NEAR_SYMBOL[distance] : FAR_SYMBOL[(distance - 1) >> 7]) ?? 0;
}

function basesOf(extra: Uint8Array, first: number): Uint16Array {
  const bases = new Uint16Array(extra.length);
  let base = first;
  for (const [symbol, bits] of extra.entries()) {
    bases[symbol] = base;
    base += 1 << bits;
  }
  return bases;
}

/** For each value up to `max` the last symbol whose base it reaches. */
function symbolsOf(bases: Uint16Array, max: number): Uint8Array {
  return Uint8Array.from({ length: max + 1 }, (_, value) =>
    Math.max(
      0,
      bases.findLastIndex((base) => base <= value),
    ),
  );
}
