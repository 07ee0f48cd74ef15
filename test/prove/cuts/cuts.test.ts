import { closeDeltaWorkers } from '@swupd/shared/delta';
import { afterAll, expect, test } from 'vitest';
import { Random } from '../../fuzz/random.ts';
import { type CutReport, exploreCuts } from '../system/explore-cuts.ts';
import { endsOf, type Scenario } from '../system/scenario.ts';
import { makeScenarios, SCENARIO_NAMES } from './scenarios.ts';

afterAll(() => closeDeltaWorkers());

/** Scenarios with few operations are also cut during recovery. */
const SMALL = ['bundle-add', 'bundle-remove', 'repair', 'clean'];

function explore(scenario: Scenario): Promise<CutReport> {
  const random = new Random(1);
  const below = (limit: number): number => random.below(limit);
  const depth = SMALL.some((name) => scenario.name.startsWith(name)) ? 2 : 1;
  return exploreCuts(scenario, { max: 4, corners: false, laterMax: 1, depth, below });
}

test.each(SCENARIO_NAMES)('%s: after a cut it is as it was, or as it should be', async (name) => {
  const [scenario] = await makeScenarios(name);
  if (scenario === undefined) throw new TypeError(`no scenario ${name}`);
  expect((await endsOf(scenario)).new.findings).toEqual([]);
  const { broken, ends, operations, images } = await explore(scenario);
  expect(broken.slice(0, 3)).toEqual([]);
  expect(operations).toBeGreaterThan(9);
  expect(images).toBeGreaterThan(operations);
  expect(ends.new).toBeGreaterThan(3);
});
