/** One small change of a source file. */
export interface Mutant {
  /** Offsets in the text of the file, and what stands there instead. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** Counted from 1. */
  readonly line: number;
  /** What the change is, for people: `<= becomes <`. */
  readonly what: string;
}

/** `source` with the change. */
export function applyMutant(source: string, { start, end, replacement }: Mutant): string {
  return source.slice(0, start) + replacement + source.slice(end);
}
