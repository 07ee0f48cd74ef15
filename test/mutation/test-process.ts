/** A process that runs tests below one mutant after the other, as its parent says. It may die of one. */
import { beginRound, importAfresh, installFreshModules } from './fresh-modules.ts';
import type {
  MeasureAnswer,
  MeasuredTest,
  MeasureRequest,
  Request,
  TryAnswer,
  TryRequest,
} from './messages.ts';
import { ReachedCode } from './reached-code.ts';
import { type CollectedTest, collect, endTests, runTest } from './tiny-suite.ts';

installFreshModules();
process.on('message', async (request: Request) => {
  process.send?.(request.kind === 'measure' ? await measure(request) : await attempt(request));
});

async function measure({ file, mutants }: MeasureRequest): Promise<MeasureAnswer> {
  beginRound(undefined);
  const reached = new ReachedCode(mutants);
  const tests = await collect(() => importAfresh(file)).catch((error: unknown) => String(error));
  if (typeof tests === 'string') return { kind: 'measured', tests: [], failure: tests };
  const onImport = reached.take();
  const measured: MeasuredTest[] = [];
  for (const one of tests) {
    const started = performance.now();
    const failure = await failureOf(one);
    const milliseconds = performance.now() - started;
    measured.push({ name: one.name, milliseconds, failure, reached: reached.take() });
  }
  reached.end();
  await endTests(tests);
  // What runs on import, and in the first test's hooks, is in all of them.
  const always = [...onImport, ...(measured[0]?.reached ?? [])];
  return {
    kind: 'measured',
    failure: undefined,
    tests: measured.map((one) => ({ ...one, reached: [...new Set([...always, ...one.reached])] })),
  };
}

async function attempt({ mutant, choices }: TryRequest): Promise<TryAnswer> {
  beginRound(mutant);
  for (const { file, tests } of choices) {
    let collected: readonly CollectedTest[];
    try {
      collected = await collect(() => importAfresh(file));
    } catch {
      return { kind: 'tried', killer: `${file}: import` };
    }
    try {
      for (const number of tests) {
        const one = collected[number];
        if (one === undefined || (await failureOf(one)) !== undefined)
          return { kind: 'tried', killer: `${file}: ${one?.name}` };
      }
    } finally {
      await endTests(collected);
    }
  }
  return { kind: 'tried', killer: undefined };
}

async function failureOf(one: CollectedTest): Promise<string | undefined> {
  try {
    await runTest(one);
    return undefined;
  } catch (error) {
    return String(error);
  }
}
