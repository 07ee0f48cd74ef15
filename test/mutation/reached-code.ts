import { type Profiler, Session } from 'node:inspector';
import { fileOfScript } from './fresh-modules.ts';
import type { PlacedMutant } from './messages.ts';

/** Tells which mutants' text has run since the last call, by V8's block coverage. Starts with its construction. */
export class ReachedCode {
  readonly #session = new Session();
  readonly #mutants: readonly PlacedMutant[];

  constructor(mutants: readonly PlacedMutant[]) {
    this.#mutants = mutants;
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Places in the list of mutants. */
  take(): number[] {
    const scripts = new Map<string, Profiler.CoverageRange[]>();
    this.#session.post('Profiler.takePreciseCoverage', (error, answer) => {
      if (error) throw error;
      for (const { url, functions } of answer.result) {
        const file = fileOfScript(url);
        if (file !== undefined) scripts.set(file, functions.flatMap(({ ranges }) => ranges).sort(bySize));
      }
    });
    return this.#mutants.flatMap(({ file, start }, index) => {
      const innermost = scripts
        .get(file)
        ?.find(({ startOffset, endOffset }) => startOffset <= start && start < endOffset);
      return (innermost?.count ?? 0) > 0 ? [index] : [];
    });
  }

  end(): void {
    this.#session.disconnect();
  }
}

function bySize(a: Profiler.CoverageRange, b: Profiler.CoverageRange): number {
  return a.endOffset - a.startOffset - (b.endOffset - b.startOffset);
}
