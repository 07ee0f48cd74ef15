import { bundleAdd, bundleRemove, clean, osInstall, repair, rollback, update } from '@swupd/client';
import { parseRepoPath } from '@swupd/shared';
import type { TestBuild } from '../../../client/src/test-repository.ts';
import type { Tree } from '../../../client/src/test-support.ts';
import { ModelDisk } from '../model/index.ts';
import { plantTree, uprootAll } from '../system/plant-tree.ts';
import { type Published, publish } from '../system/publish.ts';
import { type Command, change, ROOT } from '../system/run-client.ts';
import type { Scenario } from '../system/scenario.ts';
import { CORE_10, CORE_20, DAMAGE, EDITED_LATER, MINE, MISSING, TOOLS } from './trees.ts';

/** Where file systems are mounted besides `/`: on a device with one, and on one with three. */
const LAYOUTS = {
  'one file system': [],
  'three file systems': [`${ROOT}/var/lib/swupd`, `${ROOT}/boot`],
} as const;

type LayoutName = keyof typeof LAYOUTS;

const build = (version: number, core: Tree, some: Partial<TestBuild> = {}): TestBuild => ({
  version,
  bundles: { 'os-core': { tree: core }, tools: { tree: TOOLS } },
  ...some,
});

const INSTALL: Command = (device) =>
  osInstall(device, { bundles: [], skipOptional: false, force: false, dryRun: false, downloadOnly: false });
const DOWNLOAD: Command = (device) =>
  osInstall(device, {
    bundles: 'all',
    skipOptional: false,
    force: false,
    dryRun: false,
    downloadOnly: true,
  });
const UPDATE: Command = (device) => update(device, { dryRun: false, downloadOnly: false });
const ADD: Command = (device) => bundleAdd(device, { names: ['tools'], skipOptional: false, dryRun: false });
const REMOVE: Command = (device) =>
  bundleRemove(device, {
    names: ['tools'],
    force: false,
    recursive: false,
    orphans: false,
    dryRun: false,
  });
const ROLLBACK: Command = (device) => rollback(device, { version: 10, dryRun: false });
const REPAIR: Command = (device) =>
  repair(device, {
    bundles: [],
    files: [],
    quick: false,
    picky: false,
    extraOnly: false,
    pickyTree: parseRepoPath('usr'),
    pickyWhitelist: /^$/,
    dryRun: false,
  });

/** What has happened on the device before the command. */
interface Story {
  readonly name: string;
  readonly builds: readonly TestBuild[];
  /** Each with the newest build at that time. */
  readonly commands: readonly (readonly [number, Command])[];
  readonly planted?: Tree;
  readonly uprooted?: readonly string[];
  readonly command: Command;
  readonly doneCodes?: readonly string[];
  readonly back?: Command;
}

const TEN = [build(10, CORE_10)];
const update_ = (kind: string, some: Partial<TestBuild>): Story => ({
  name: `update by ${kind}`,
  builds: [...TEN, build(20, CORE_20, some)],
  commands: [[10, INSTALL]],
  planted: MINE,
  command: UPDATE,
  back: ROLLBACK,
});

const STORIES: readonly Story[] = [
  { name: 'install', builds: TEN, commands: [], command: INSTALL, doneCodes: ['already-installed'] },
  update_('pack', { packs: true }),
  update_('deltas', { looseDeltas: true }),
  update_('fullfiles', {}),
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
    command: (device) => clean(device, { all: true, kept: true, dryRun: false }),
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

async function makeScenario(story: Story, layout: LayoutName): Promise<Scenario> {
  const published = await publish(story.builds);
  const disk = new ModelDisk();
  for (const folder of [`${ROOT}/var/lib`, '/home/user', ...LAYOUTS[layout]]) disk.makeRoot(folder, 0o755);
  for (const folder of LAYOUTS[layout]) disk.mount(folder);
  for (const [version, command] of story.commands)
    await change({ disk, ...worldAt(published, version) }, command);
  if (story.planted !== undefined) plantTree(disk, ROOT, story.planted);
  uprootAll(disk, ROOT, story.uprooted ?? []);
  return {
    name: `${story.name}, ${layout}`,
    before: disk.image(),
    ...worldAt(published, story.builds.at(-1)?.version ?? 0),
    command: story.command,
    doneCodes: story.doneCodes ?? [],
    back: story.back,
  };
}

function worldAt({ builds, anchor }: Published, version: number): Pick<Scenario, 'objects' | 'anchor'> {
  return { objects: builds.get(version) ?? new Map(), anchor };
}
