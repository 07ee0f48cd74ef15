import { Random } from '../../fuzz/random.ts';
import type { ProofRequest } from '../proof.ts';
import type { Scenario } from './scenarios.ts';

/** What is ready of each scenario; undefined where no try of this run chooses it. */
export type Ready<T> = readonly (T | undefined)[];

/**
 * The first number of a try's seed chooses its scenario.
 * @throws TypeError for one that is not ready
 */
export function chooseReady<T>(random: Random, ready: Ready<T>): T {
  const chosen = random.pick(ready.map((one) => ({ one })));
  if (chosen.one === undefined) throw new TypeError('a scenario that no try of this run has');
  return chosen.one;
}

/** Those that the tries of this request choose: a try that is repeated alone has to prepare one only. */
export function scenariosFor(
  { count, seed }: Pick<ProofRequest, 'count' | 'seed'>,
  scenarios: readonly Scenario[],
): Ready<Scenario> {
  const chosen = new Set<Scenario>();
  for (let number = 0; number < count && chosen.size < scenarios.length; number++)
    chosen.add(new Random(seed + number).pick(scenarios));
  return scenarios.map((scenario) => (chosen.has(scenario) ? scenario : undefined));
}
