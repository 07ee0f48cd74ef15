import { runCuts } from '../cuts/run-cuts.ts';
import type { Proof } from '../proof.ts';

/** Disks for each operation of the command. Each leads to a recovery, which is cut after each of its operations in turn. */
const COUNT = 4;

export const PROOF: Proof = {
  name: 'second-cuts',
  summary: 'the same, and a cut after each operation of recovery; --count: disks for each operation',
  count: COUNT,
  run: (request) => runCuts(request, { again: 'second-cuts', corners: false, depth: 2 }),
};
