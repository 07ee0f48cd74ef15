import { chooseTests, type MeasuredFile } from './choose-tests.ts';
import type { MeasureAnswer, PlacedMutant, TryAnswer } from './messages.ts';
import { TestProcess } from './test-processes.ts';

/** What became of a mutant. One that makes tests run for ever, or kills their process, is found. */
export type Verdict = 'killed' | 'time' | 'crash' | 'survived' | 'unreached';

export interface Tried {
  readonly mutant: PlacedMutant;
  readonly verdict: Verdict;
}

/** Milliseconds that loading may take, with the machine busy. */
const PATIENCE = 10_000;

/**
 * Runs the tests of `files` as they are, with what each of them reaches.
 * @throws Error where one fails without any mutant
 */
export async function measureTests(
  files: readonly string[],
  mutants: readonly PlacedMutant[],
): Promise<MeasuredFile[]> {
  using process = new TestProcess();
  const measured: MeasuredFile[] = [];
  for (const file of files) {
    const outcome = await process.ask<MeasureAnswer>({ kind: 'measure', file, mutants }, 10 * PATIENCE);
    if ('lost' in outcome) throw new Error(`${file} can't be run here (${outcome.lost})`);
    const { tests, failure } = outcome.answer;
    if (failure !== undefined) throw new Error(`${file} can't be imported: ${failure}`);
    const failing = tests.find(({ failure }) => failure !== undefined);
    if (failing !== undefined) throw new Error(`${file}: ${failing.name} fails: ${failing.failure}`);
    measured.push({ file, tests });
  }
  return measured;
}

export interface MutationRun {
  readonly mutants: readonly PlacedMutant[];
  readonly measured: readonly MeasuredFile[];
  /** Processes at a time. */
  readonly jobs: number;
  /** Hears of each mutant as it is done. */
  readonly onTried: (tried: Tried, done: number) => void;
}

/** Tries each mutant; the result is in their order. */
export async function runMutants({ mutants, measured, jobs, onTried }: MutationRun): Promise<Tried[]> {
  const tried: Tried[] = [];
  const waiting = mutants.entries();
  let done = 0;
  const work = async (): Promise<void> => {
    using process = new TestProcess();
    for (const [index, mutant] of waiting) {
      const result = { mutant, verdict: await verdictOf(process, { mutant, index, measured }) };
      tried[index] = result;
      onTried(result, ++done);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return tried;
}

async function verdictOf(
  process: TestProcess,
  { mutant, index, measured }: { mutant: PlacedMutant; index: number; measured: readonly MeasuredFile[] },
): Promise<Verdict> {
  const { choices, milliseconds } = chooseTests(mutant, index, measured);
  if (choices.length === 0) return 'unreached';
  const outcome = await process.ask<TryAnswer>({ kind: 'try', mutant, choices }, PATIENCE + 3 * milliseconds);
  if ('lost' in outcome) return outcome.lost;
  return outcome.answer.killer === undefined ? 'survived' : 'killed';
}
