import type { FuzzCase } from './fuzz-case.ts';

/** What a run over one target gives. */
export interface FuzzResult {
  readonly target: string;
  readonly executions: number;
  readonly seconds: number;
  /** Branches that ran, of all in the modules that the target loads. */
  readonly edges: { readonly seen: number; readonly all: number };
  /** Cases that together reach all of that. */
  readonly corpus: readonly FuzzCase[];
  /** Outcomes of each single turned bit and each truncation of each small seed. */
  readonly small: SmallChangeCounts;
  readonly findings: readonly FoundFault[];
}

export interface SmallChangeCounts {
  readonly refused: number;
  readonly exact: number;
  /** Other bytes, of the announced size: what the digest of the target is for. */
  readonly other: number;
}

export interface FoundFault {
  /** Kind and message, without numbers. */
  readonly key: string;
  /** With the stack of the error, where there is one. */
  readonly text: string;
  readonly input: FuzzCase;
}
