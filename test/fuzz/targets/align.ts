import { align } from '../../../shared/src/delta/align/align.ts';
import { decodeGuarded } from '../decode-guarded.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { ALIGN_MUTATIONS } from './align-mutations.ts';
import { codecSeeds } from './codec-seeds.ts';
import { LARGE_PAIRS } from './pairs.ts';

/** Copies that need not be exact, with predicted addresses. */
export const alignTarget: FuzzTarget = {
  name: 'align',
  run: (input) => decodeGuarded(align, input),
  makeSeeds: () => codecSeeds(align),
  mutations: ALIGN_MUTATIONS,
};

/** The same over files that take several pages and chunks; a hundred times slower. */
export const alignLargeTarget: FuzzTarget = {
  ...alignTarget,
  name: 'align-large',
  makeSeeds: () => codecSeeds(align, LARGE_PAIRS),
};
