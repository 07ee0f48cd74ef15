/** A place of the target and the place of the source that it is aligned with. */
export interface Alignment {
  readonly source: number;
  readonly target: number;
}

/** How far a copy may grow, in bytes, and what a byte costs that does not agree. */
export interface Extension {
  readonly max: number;
  readonly penalty: number;
}

/**
 * How many bytes from `at` on, at most `max`, belong to the alignment: the length with the best score, in which a byte that agrees
 * counts 1 and another one `penalty` less than nothing.
 */
export function extendForward(
  source: Uint8Array,
  target: Uint8Array,
  at: Alignment,
  { max, penalty }: Extension,
): number {
  const limit = Math.min(max, source.length - at.source, target.length - at.target);
  let score = 0;
  let best = 0;
  let length = 0;
  for (let index = 0; index < limit; index += 1) {
    score += source[at.source + index] === target[at.target + index] ? 1 : -penalty;
    if (score <= best) continue;
    best = score;
    length = index + 1;
  }
  return length;
}

/** The same for the bytes before `at`. */
export function extendBackward(
  source: Uint8Array,
  target: Uint8Array,
  at: Alignment,
  { max, penalty }: Extension,
): number {
  const limit = Math.min(max, at.source, at.target);
  let score = 0;
  let best = 0;
  let length = 0;
  for (let index = 1; index <= limit; index += 1) {
    score += source[at.source - index] === target[at.target - index] ? 1 : -penalty;
    if (score <= best) continue;
    best = score;
    length = index;
  }
  return length;
}

/** Two diagonals (source minus target) that both cover the `length` bytes of the target from `from` on. */
interface Overlap {
  readonly from: number;
  readonly length: number;
  readonly left: number;
  readonly right: number;
}

/** How many of the bytes the left diagonal keeps, so that the most agree in all. */
export function splitOverlap(
  source: Uint8Array,
  target: Uint8Array,
  { from, length, left, right }: Overlap,
): number {
  let score = 0;
  let best = 0;
  let kept = 0;
  for (let index = 0; index < length; index += 1) {
    const byte = target[from + index];
    if (source[from + index + left] === byte) score += 1;
    if (source[from + index + right] === byte) score -= 1;
    if (score <= best) continue;
    best = score;
    kept = index + 1;
  }
  return kept;
}
