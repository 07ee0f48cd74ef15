import type { Segment } from './address-space.ts';
import type { Region } from './region.ts';

/** What the writer knows of both files: where their bytes are in memory, and which parts of the source hold references. */
export interface Layout {
  readonly source: readonly Segment[];
  readonly target: readonly Segment[];
  /** Front to back, apart from each other. */
  readonly regions: readonly Region[];
}

export const NO_LAYOUT: Layout = { source: [], target: [], regions: [] };
