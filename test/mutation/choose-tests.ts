import { basename, dirname } from 'node:path';
import type { MeasuredTest, PlacedMutant, TestChoice } from './messages.ts';

/** The tests of a file, without any mutant. */
export interface MeasuredFile {
  readonly file: string;
  readonly tests: readonly MeasuredTest[];
}

export interface Choice {
  readonly choices: readonly TestChoice[];
  /** What they take without a mutant. */
  readonly milliseconds: number;
}

/** The tests that run the mutant's text: those of its own file first, then what takes least. */
export function chooseTests(mutant: PlacedMutant, index: number, measured: readonly MeasuredFile[]): Choice {
  const reaching = measured
    .map(({ file, tests }) => {
      const numbers = tests.flatMap(({ reached }, number) => (reached.includes(index) ? [number] : []));
      const milliseconds = numbers.reduce((sum, number) => sum + (tests[number]?.milliseconds ?? 0), 0);
      return { file, tests: numbers, milliseconds, distance: distanceOf(file, mutant.file) };
    })
    .filter(({ tests }) => tests.length > 0)
    .sort((a, b) => a.distance - b.distance || a.milliseconds - b.milliseconds);
  return {
    choices: reaching.map(({ file, tests }) => ({ file, tests })),
    milliseconds: reaching.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
  };
}

/** 0 for the test of a source itself, 1 for one beside it. */
function distanceOf(test: string, source: string): number {
  if (dirname(test) !== dirname(source)) return 2;
  return basename(test, '.test.ts') === basename(source, '.ts') ? 0 : 1;
}
