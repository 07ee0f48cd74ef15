import { type FuzzCase, formatCase } from '../../fuzz/fuzz-case.ts';
import type { FuzzResult } from '../../fuzz/fuzz-result.ts';
import type { TargetName } from '../../fuzz/targets.ts';
import { type WatchedOrder, type WatchOptions, watchTarget } from '../../fuzz/watch-target.ts';
import type { Broken, ProofRequest, ProofResult } from '../proof.ts';

/** How a target is fuzzed; the real one is a thread that is watched. */
export type FuzzRunner = (order: WatchedOrder, options: WatchOptions) => Promise<FuzzResult>;

/** Seconds for one target; what takes longer than a day hangs. */
const LONGEST = 86_400;
/** Bytes of a case that are shown; the whole one comes from running it again. */
const SHOWN = 400;

/**
 * Feeds `count` mutants to each of the targets, after its seeds and their small changes. What breaks it: any error that is no
 * refusal, bytes that are not the announced ones, two results for one case, more than 2 s or 64 MiB for an execution, a thread
 * that ends, hangs for 20 s or takes 512 MB.
 */
export async function fuzzParsers(
  names: readonly TargetName[],
  { count, seed, progress }: ProofRequest,
  run: FuzzRunner = watchTarget,
): Promise<ProofResult> {
  const broken: Broken[] = [];
  const figures: Record<string, number> = {};
  let tried = 0;
  for (const target of names) {
    const before = tried;
    const onProgress = (executions: number): void => progress(before + executions, broken.length);
    const order = { target, executions: count, seconds: LONGEST, seed };
    const { executions, seconds, findings } = await run(order, { onProgress });
    tried += executions;
    figures[`${target}: executions`] = executions;
    figures[`${target}: seconds`] = Math.round(seconds);
    const again = `pnpm fuzz ${target} --executions ${count} --seed ${seed}`;
    for (const { text, input } of findings)
      broken.push({ what: `${target}: ${text}\n${shown(input)}`, again });
  }
  return { tried, broken, figures };
}

function shown(input: FuzzCase): string {
  const text = formatCase({ ...input, name: 'case' }).trimEnd();
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
