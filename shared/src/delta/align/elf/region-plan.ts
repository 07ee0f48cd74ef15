import type { Region } from '../references/region.ts';

/** A region whose kind follows from its columns: none is code. */
export type RegionPlan = Omit<Region, 'kind'>;
