import { expect } from 'vitest';
import { compareTrees, type TreeSnapshot } from './snapshot-tree.ts';
import { type TempFolder, tempFolder } from './temp-folder.ts';
import { TestDevice, type TestDeviceOptions } from './test-device.ts';
import { TestRepository } from './test-repository.ts';

export interface SceneOptions {
  /** When the repository is founded, seconds since 1970. */
  readonly time?: number;
  /** Scenes of one seed have the same keys. */
  readonly seed?: number;
  /** The folder that holds the scene's own; `/dev/shm` for tests that sync very often. */
  readonly parent?: string;
}

/** A repository and room for devices, in a folder that goes with the test. */
export class Scene implements Disposable {
  readonly repository: TestRepository;
  readonly #folder: TempFolder;
  #devices = 0;

  constructor({ time, seed, parent }: SceneOptions = {}) {
    this.#folder = tempFolder(parent);
    this.repository = new TestRepository(this.#folder.path, time, seed);
  }

  get folder(): string {
    return this.#folder.path;
  }

  device(options?: TestDeviceOptions): TestDevice {
    return new TestDevice(`${this.folder}/device-${++this.#devices}`, this.repository, options);
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

export function expectSameTree(found: TreeSnapshot, expected: TreeSnapshot): void {
  expect(compareTrees(expected, found)).toEqual([]);
}

/** The root is what these bundles of the build make, and the client finds so too. */
export async function expectBuild(
  { repository }: Scene,
  device: TestDevice,
  { version, bundles }: { readonly version: number; readonly bundles: readonly string[] },
): Promise<void> {
  // What is kept of builds before stays on the file system where it was.
  expectSameTree(device.snapshot({ except: ['.swupd-kept'] }), repository.expected(version, bundles));
  expect((await device.diagnose()).findings).toEqual([]);
}

/** The code of the error that `work` ends with; its message for an error that has none. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return 'no error';
}
