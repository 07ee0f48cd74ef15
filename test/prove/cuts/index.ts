import type { Proof } from '../proof.ts';
import { runCuts } from './run-cuts.ts';

/** Disks for each operation, unless fewer are possible. The corner ones come on top. */
const COUNT = 40;

export const PROOF: Proof = {
  name: 'cuts',
  summary: 'a cut after each operation of each scenario; --count: disks for each operation',
  count: COUNT,
  run: (request) => runCuts(request, { again: 'cuts', corners: true, depth: 1 }),
};
