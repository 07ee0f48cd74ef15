import { TARGET_NAMES } from '../../fuzz/targets.ts';
import type { Proof } from '../proof.ts';
import { fuzzParsers } from './fuzz-parsers.ts';

export const PROOF: Proof = {
  name: 'parsers',
  summary:
    'mutants for each parser and decoder of foreign bytes: refused or right, in bounded time and memory',
  count: 1_000_000,
  run: (request) => fuzzParsers(TARGET_NAMES, request),
};
