import type { Proof } from '../proof.ts';
import { proveHostile } from './prove-hostile.ts';

export const PROOF: Proof = {
  name: 'hostile',
  summary: 'install, update, add, remove and repair against a server with a vocabulary of faults',
  count: 2000,
  run: proveHostile,
};

/** The same with some of the faults only, to find something quickly. */
export function focusedOn(vocabulary: readonly string[]): Proof {
  return { ...PROOF, run: (request) => proveHostile(request, vocabulary) };
}
