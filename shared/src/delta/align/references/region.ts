/** How a word of a table names a place, as bits of a column. */
export const PLAIN = 0;
/** An address. */
export const ABSOLUTE = 1;
/** A distance from the word itself. */
export const SELF = 2;
/** A distance from the region's base. */
export const BASED = 3;
/** Any number whose neighbours move along with it: an offset into a table of strings, say. */
export const DRIFTING = 4;

export type Column = 0 | 1 | 2 | 3 | 4;

/** What a part of the source is made of, so that references in it can be told from other bytes. */
export interface Region {
  readonly start: number;
  readonly length: number;
  readonly kind: 'x86' | 'aarch64' | 'words';
  /** The four-byte words of one record of a table. Empty for code. */
  readonly columns: readonly Column[];
  /** Address that BASED words count from, in the source and in the target. */
  readonly sourceBase: number;
  readonly targetBase: number;
}
