/** One claim about the client that anyone can try again: `pnpm prove NAME`. */
export interface Proof {
  readonly name: string;
  /** What is tried, in one line of a help text. */
  readonly summary: string;
  /** How many tries make up a run without `--count`. */
  readonly count: number;
  readonly run: (request: ProofRequest) => Promise<ProofResult>;
}

export interface ProofRequest {
  readonly count: number;
  /** Everything random comes from it: the same seed makes the same tries. */
  readonly seed: number;
  /** Shows how far it has got; may be called often. */
  readonly progress: (tried: number, broken: number) => void;
}

export interface ProofResult {
  readonly tried: number;
  readonly broken: readonly Broken[];
  /** Figures for the report, by name: operations cut, images looked at, resets, … */
  readonly figures: Readonly<Record<string, number>>;
}

/** A try after which the claim does not hold, and how to see it again. */
export interface Broken {
  readonly what: string;
  readonly again: string;
}
