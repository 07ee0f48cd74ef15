import type { FuzzCase, NamedCase } from './fuzz-case.ts';
import type { Random } from './random.ts';

/** A decoder under fuzz. */
export interface FuzzTarget {
  readonly name: string;
  /**
   * What the decoder makes of the case, or undefined where it refuses it as it may.
   * @throws Finding for a promise of the decoder that does not hold; anything else thrown is a finding as well
   */
  run(input: FuzzCase): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** Cases made by the real encoder. `run` makes the exact target of each, which is not empty for all of them. */
  makeSeeds(): Promise<NamedCase[]>;
  /** Changes that know the format, beside those of bytes. Undefined where there is nothing to change. */
  readonly mutations?: readonly Mutation[];
}

export type Mutation = (input: FuzzCase, random: Random) => FuzzCase | undefined;
