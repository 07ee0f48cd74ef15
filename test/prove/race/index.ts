import type { Proof } from '../proof.ts';
import { proveRace } from './prove-race.ts';

export const PROOF: Proof = {
  name: 'race',
  summary: 'commands while another process swaps directories of the root for links out of it',
  count: 200,
  run: proveRace,
};
