import type { Proof } from '../proof.ts';
import { proveDamage } from './prove-damage.ts';

export const PROOF: Proof = {
  name: 'damage',
  summary:
    'random damage to an installed tree: verify finds what --fix plans, and a second --fix has nothing to do',
  count: 2000,
  run: proveDamage,
};
