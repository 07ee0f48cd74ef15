import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type TestBuild, TestRepository } from '../../../client/src/test-repository.ts';
import { MEMORY, temporaryFolder } from '../../../client/src/test-support.ts';
import type { Objects } from './memory-repository.ts';

/** What a device can see of the world: what is published, after each build, and the key to trust. */
export interface Published {
  /** By version; the last is the newest build. */
  readonly builds: ReadonlyMap<number, Objects>;
  readonly anchor: Uint8Array;
}

/** Publishes builds one after the other, and keeps in memory what a server would have then. */
export async function publish(builds: readonly TestBuild[]): Promise<Published> {
  using folder = temporaryFolder(MEMORY);
  const repository = new TestRepository(folder.path);
  const published = new Map<number, Objects>();
  for (const build of builds) {
    await repository.publish(build);
    published.set(build.version, readObjects(folder.path));
  }
  return { builds: published, anchor: repository.anchor };
}

function readObjects(folder: string): Objects {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [relative(folder, path), readFileSync(path)];
    }),
  );
}
