import { setImmediate } from 'node:timers/promises';
import { Corpus } from './corpus.ts';
import type { Coverage } from './edges/install-coverage.ts';
import { Executor } from './executor.ts';
import { Finding, findingOf, keyOf } from './finding.ts';
import type { FuzzCase } from './fuzz-case.ts';
import type { FoundFault, FuzzResult, SmallChangeCounts } from './fuzz-result.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { minimise } from './minimise.ts';
import { mutateCase } from './mutate/mutate-case.ts';
import type { Random } from './random.ts';
import type { Seeds } from './seed-files.ts';
import { smallChanges } from './small-changes.ts';

export interface FuzzPlan {
  readonly seeds: Seeds;
  readonly random: Random;
  readonly coverage: Coverage;
  /** Executions after the seeds and their small changes. */
  readonly executions: number;
  /** Whether the time is over. */
  isOver(): boolean;
  announce(input: FuzzCase): void;
}

/** Payloads of which every bit is turned. */
const SMALL = 160;
/** Executions in one turn of the event loop. */
const TURN = 64;
/** Kinds of faults after which a run ends. */
const FINDINGS_MAX = 8;

/** Runs seeds, their small changes, then what mutation makes of all that did something new, guided by the branches that run. */
export async function fuzz(target: FuzzTarget, plan: FuzzPlan): Promise<FuzzResult> {
  const run = new FuzzRun(target, plan);
  const start = performance.now();
  await run.seeds();
  await run.mutants();
  return { ...run.result(), seconds: (performance.now() - start) / 1000 };
}

class FuzzRun {
  readonly #target: FuzzTarget;
  readonly #plan: FuzzPlan;
  readonly #executor: Executor;
  readonly #corpus = new Corpus();
  readonly #findings = new Map<string, FoundFault>();
  readonly #small = { refused: 0, exact: 0, other: 0 };

  constructor(target: FuzzTarget, plan: FuzzPlan) {
    this.#target = target;
    this.#plan = plan;
    this.#executor = new Executor(target, plan.coverage, plan.announce);
  }

  async seeds(): Promise<void> {
    const { made, found } = this.#plan.seeds;
    for (const seed of found) await this.#try(seed);
    for (const seed of made) {
      const exact = await this.#try(seed);
      if (exact === undefined)
        await this.#report(seed, new Finding('refused-seed', `its own delta '${seed.name}' is refused`));
      else if (seed.payload.length <= SMALL) await this.#smallChanges(seed, exact);
    }
  }

  async #smallChanges(seed: FuzzCase, exact: Uint8Array): Promise<void> {
    for (const change of smallChanges(seed)) {
      if (this.#isOver()) return;
      this.#small[outcomeOf(await this.#try(change), exact)] += 1;
    }
  }

  async mutants(): Promise<void> {
    const { random, executions } = this.#plan;
    const mutations = this.#target.mutations ?? [];
    const end = this.#executor.executions + executions;
    while (this.#corpus.size > 0 && this.#executor.executions < end && !this.#isOver()) {
      const input = this.#corpus.pick(random);
      await this.#try(mutateCase(input, this.#corpus.pick(random), { random, mutations }));
      // Else nothing that waits for the event loop is done: compressors that failed would never be freed.
      if (this.#executor.executions % TURN === 0) await setImmediate();
    }
  }

  result(): Omit<FuzzResult, 'seconds'> {
    return {
      target: this.#target.name,
      executions: this.#executor.executions,
      edges: this.#plan.coverage.edges.coverage(),
      corpus: this.#corpus.essential(),
      small: this.#small,
      findings: [...this.#findings.values()],
    };
  }

  async #try(input: FuzzCase): Promise<Uint8Array | undefined> {
    try {
      const made = await this.#executor.execute(input);
      const { edges } = this.#plan.coverage;
      if (edges.merge() || this.#corpus.size === 0) this.#corpus.add(input, edges.hits());
      return made;
    } catch (error) {
      await this.#report(input, error);
      return undefined;
    }
  }

  async #report(input: FuzzCase, error: unknown): Promise<void> {
    const key = keyOf(findingOf(error));
    if (this.#findings.has(key)) return;
    const fails = async (smaller: FuzzCase) => (await this.#faultOf(smaller))?.key === key;
    const smallest = await minimise(input, fails);
    // Again, with the stack that is left out for speed.
    Error.stackTraceLimit = 20;
    const text = (await this.#faultOf(smallest))?.text ?? String(error);
    Error.stackTraceLimit = 0;
    this.#findings.set(key, { key, text, input: smallest });
  }

  async #faultOf(input: FuzzCase): Promise<{ key: string; text: string } | undefined> {
    try {
      await this.#executor.execute(input);
      return undefined;
    } catch (error) {
      const { stack } = error instanceof Error ? error : new Error(String(error));
      return { key: keyOf(findingOf(error)), text: stack ?? String(error) };
    }
  }

  #isOver(): boolean {
    return this.#findings.size >= FINDINGS_MAX || this.#plan.isOver();
  }
}

function outcomeOf(made: Uint8Array | undefined, exact: Uint8Array): keyof SmallChangeCounts {
  if (made === undefined) return 'refused';
  return Buffer.compare(made, exact) === 0 ? 'exact' : 'other';
}
