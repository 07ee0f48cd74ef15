/** Bytes over which places are compared, and by how much a score may fall below its best before nothing better is expected. */
const HORIZON = 512;
const FALL = 16;

/** A position of the target, and two of the source that it may be aligned with. */
export interface Choice {
  readonly at: number;
  readonly place: number;
  /** Where the present diagonal leads; it may be outside the source. */
  readonly present: number;
}

/**
 * How many more bytes `place` explains than `present` does: the best that a part from `at` on gives, where a byte that is as at `place`
 * counts 1 and another one `doubt` less than nothing. (bsdiff counts bytes in a row that agree. The first one that does not agree
 * ends them, though the rest of a function may follow.)
 */
export function ratePlace(
  source: Uint8Array,
  target: Uint8Array,
  { at, place, present }: Choice,
  doubt: number,
): number {
  const end = Math.min(HORIZON, target.length - at, source.length - place);
  let score = 0;
  let highest = 0;
  let known = 0;
  let best = 0;
  for (let index = 0; index < end; index += 1) {
    const byte = target[at + index];
    score += source[place + index] === byte ? 1 : -doubt;
    if (source[present + index] === byte) known += 1;
    else if (known > 0) known -= 0.5;
    if (score > highest) highest = score;
    else if (score < highest - FALL) break;
    if (score - known > best) best = score - known;
  }
  return best;
}
