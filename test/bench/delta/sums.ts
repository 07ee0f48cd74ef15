import { MAKERS, type Maker, type PairFigures } from './pair-figures.ts';

/** Figures of several pairs together, in bytes. */
export interface Sum {
  readonly files: number;
  /** Of the new files. */
  readonly size: number;
  readonly fullfile: number;
  readonly bytes: Readonly<Record<Maker, number>>;
  /** Each file by the peer that is best at it. */
  readonly bestPeer: number;
}

export function sumOf(figures: readonly PairFigures[]): Sum {
  const total = (of: (figure: PairFigures) => number): number =>
    figures.reduce((sum, figure) => sum + of(figure), 0);
  return {
    files: figures.length,
    size: total(({ pair }) => pair.to.size),
    fullfile: total(({ fullfile }) => fullfile),
    bytes: Object.fromEntries(MAKERS.map((maker) => [maker, total(({ bytes }) => bytes[maker])])) as Record<
      Maker,
      number
    >,
    bestPeer: total(({ bestPeer }) => bestPeer),
  };
}

/** A sum for each key, the most of our bytes first. */
export function sumsBy(
  figures: readonly PairFigures[],
  keyOf: (figure: PairFigures) => string,
): [string, Sum][] {
  const groups = Map.groupBy(figures, keyOf);
  return [...groups]
    .map(([key, group]): [string, Sum] => [key, sumOf(group)])
    .sort(([, a], [, b]) => b.bytes.ours - a.bytes.ours);
}
