import type { TestBuild } from '../../../client/src/test-repository.ts';
import type { Tree } from '../../../client/src/test-support.ts';
import {
  ADD,
  CLEAN,
  DOWNLOAD,
  EXTRA,
  INSTALL,
  REMOVE,
  REPAIR,
  ROLLBACK,
  UPDATE,
} from '../system/commands.ts';
import type { Scenario } from '../system/scenario.ts';
import { LAYOUTS, type LayoutName, makeScenario, type Story } from '../system/story.ts';
import { CORE_10, CORE_20, DAMAGE, EDITED_LATER, MINE, MISSING, TOOLS } from './trees.ts';

const build = (version: number, core: Tree, some: Partial<TestBuild> = {}): TestBuild => ({
  version,
  bundles: { 'os-core': { tree: core }, [EXTRA]: { tree: TOOLS } },
  ...some,
});

const TEN = [build(10, CORE_10)];
const updateBy = (kind: string, some: Partial<TestBuild>): Story => ({
  name: `update by ${kind}`,
  builds: [...TEN, build(20, CORE_20, some)],
  commands: [[10, INSTALL]],
  planted: MINE,
  command: UPDATE,
  back: ROLLBACK,
});

const STORIES: readonly Story[] = [
  { name: 'install', builds: TEN, commands: [], command: INSTALL, doneCodes: ['already-installed'] },
  updateBy('pack', { packs: true }),
  updateBy('deltas', { looseDeltas: true }),
  updateBy('fullfiles', {}),
  { name: 'bundle-add', builds: TEN, commands: [[10, INSTALL]], command: ADD },
  {
    name: 'bundle-remove',
    builds: TEN,
    commands: [
      [10, INSTALL],
      [10, ADD],
    ],
    command: REMOVE,
    doneCodes: ['bundle-not-installed'],
  },
  {
    name: 'repair',
    builds: TEN,
    commands: [[10, INSTALL]],
    planted: DAMAGE,
    uprooted: MISSING,
    command: REPAIR,
  },
  {
    name: 'clean',
    builds: TEN,
    commands: [
      [10, DOWNLOAD],
      [10, INSTALL],
    ],
    command: CLEAN,
  },
  {
    name: 'rollback',
    builds: [...TEN, build(20, CORE_20)],
    commands: [
      [10, INSTALL],
      [20, UPDATE],
    ],
    planted: EDITED_LATER,
    command: ROLLBACK,
    doneCodes: ['nothing-kept'],
  },
];

export const SCENARIO_NAMES: readonly string[] = Object.keys(LAYOUTS).flatMap((layout) =>
  STORIES.map(({ name }) => `${name}, ${layout}`),
);

/** The scenarios, or those with `part` in their names. */
export async function makeScenarios(part = ''): Promise<Scenario[]> {
  const scenarios: Scenario[] = [];
  for (const layout of Object.keys(LAYOUTS) as LayoutName[]) {
    for (const story of STORIES) {
      if (`${story.name}, ${layout}`.includes(part)) scenarios.push(await makeScenario(story, layout));
    }
  }
  return scenarios;
}
