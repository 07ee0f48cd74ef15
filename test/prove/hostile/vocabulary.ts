import type { Random } from '../../fuzz/random.ts';
import { BODY_FAULTS } from './body-faults.ts';
import type { Exchange } from './exchange.ts';
import { HEAD_FAULTS } from './head-faults.ts';
import { RANGE_FAULTS } from './range-faults.ts';

/** One way to answer that is against the rules, late, or a lie. */
export type Fault = (exchange: Exchange, random: Random) => void;

/** All that the hostile server does, by name. */
export const VOCABULARY: Readonly<Record<string, Fault>> = {
  ...HEAD_FAULTS,
  ...BODY_FAULTS,
  ...RANGE_FAULTS,
};

export const FAULT_NAMES: readonly string[] = Object.keys(VOCABULARY);
