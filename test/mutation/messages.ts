import type { Mutant } from './mutant.ts';

/** A mutant with the file that it changes: an absolute path. */
export interface PlacedMutant extends Mutant {
  readonly file: string;
}

/** Tests of one file, by their place in it. */
export interface TestChoice {
  readonly file: string;
  readonly tests: readonly number[];
}

export interface MeasureRequest {
  readonly kind: 'measure';
  /** A file with tests. */
  readonly file: string;
  readonly mutants: readonly PlacedMutant[];
}

export interface TryRequest {
  readonly kind: 'try';
  readonly mutant: PlacedMutant;
  /** What to run, in this order, until something fails. */
  readonly choices: readonly TestChoice[];
}

export type Request = MeasureRequest | TryRequest;

/** One test without any mutant. */
export interface MeasuredTest {
  readonly name: string;
  readonly milliseconds: number;
  /** Why it fails without any mutant; undefined for a test that passes. */
  readonly failure: string | undefined;
  /** Places, in the list of the request, of the mutants whose text it runs. */
  readonly reached: readonly number[];
}

export interface MeasureAnswer {
  readonly kind: 'measured';
  /** Why the file can't be imported. */
  readonly failure: string | undefined;
  readonly tests: readonly MeasuredTest[];
}

export interface TryAnswer {
  readonly kind: 'tried';
  /** The test that fails; undefined where the mutant survives. */
  readonly killer: string | undefined;
}
