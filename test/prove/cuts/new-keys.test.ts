import { closeDeltaWorkers } from '@swupd/shared/delta';
import { afterAll, expect, test } from 'vitest';
import { Random } from '../../fuzz/random.ts';
import { INSTALL, ROLLBACK, UPDATE } from '../system/commands.ts';
import { exploreCuts } from '../system/explore-cuts.ts';
import { makeScenario } from '../system/story.ts';
import { CORE_10, CORE_20 } from './trees.ts';

afterAll(() => closeDeltaWorkers());

test('an update that learns of new keys on its way: after a cut it goes on, whatever of the metadata is kept', async () => {
  const story = {
    name: 'update after new keys',
    builds: [
      { version: 10, bundles: { 'os-core': { tree: CORE_10 } } },
      { version: 20, bundles: { 'os-core': { tree: CORE_20 } }, newKeys: true },
    ],
    commands: [[10, INSTALL]] as const,
    command: UPDATE,
    back: ROLLBACK,
  };
  const scenario = await makeScenario(story, 'three file systems');
  const random = new Random(1);
  const below = (limit: number): number => random.below(limit);
  const { broken, ends } = await exploreCuts(scenario, {
    max: 6,
    corners: false,
    laterMax: 1,
    depth: 1,
    below,
  });
  expect(broken.slice(0, 3)).toEqual([]);
  expect(ends.old).toBeGreaterThan(20);
  expect(ends.new).toBeGreaterThan(3);
});
