import type { TestBuild } from '../../../client/src/test-repository.ts';
import type { Tree } from '../../../client/src/test-support.ts';
import { ModelDisk } from '../model/index.ts';
import { plantTree, uprootAll } from './plant-tree.ts';
import { type Published, publish } from './publish.ts';
import { type Command, change, ROOT } from './run-client.ts';
import type { Scenario } from './scenario.ts';

/** Where file systems are mounted besides `/`: on a device with one, and on one with three. */
export const LAYOUTS = {
  'one file system': [],
  'three file systems': [`${ROOT}/var/lib/swupd`, `${ROOT}/boot`],
} as const;

export type LayoutName = keyof typeof LAYOUTS;

/** What has happened on the device before the command. */
export interface Story {
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

/** Lives through the story, up to the command. */
export async function makeScenario(story: Story, layout: LayoutName): Promise<Scenario> {
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
