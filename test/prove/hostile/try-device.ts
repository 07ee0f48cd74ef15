import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '@swupd/shared';
import { REAL_DISK } from '../../../client/src/disk/index.ts';
import { openSource, type RepositoryOptions } from '../../../client/src/repository/index.ts';
import type { Random } from '../../fuzz/random.ts';
import { snapshotTree, type TreeSnapshot } from '../../support/snapshot-tree.ts';
import { TestDevice } from '../../support/test-device.ts';
import { DATA, dataOf, dataPath, type World } from './world.ts';

/** Milliseconds that are long for a server on this machine, and short for thousands of tries. */
const IMPATIENT: Partial<RepositoryOptions> = {
  maxRetries: 1,
  retryDelay: 1,
  longestPause: 3,
  answerTimeout: 400,
  floorRate: { bytesPerSecond: 2000, window: 250 },
};

/** What is true of a device: what its record says, and what its root holds. */
export interface Facts {
  readonly installed: { readonly version: number; readonly bundles: readonly string[] } | undefined;
  readonly tree: TreeSnapshot;
  readonly outside: TreeSnapshot;
}

/** A device for one try, with a folder beside its root that nothing may touch. */
export class TryDevice {
  readonly device: TestDevice;
  readonly #folder: string;
  readonly #outside: string;

  constructor(folder: string, world: World, url: string) {
    this.#folder = folder;
    this.#outside = join(folder, 'outside');
    mkdirSync(this.#outside, { recursive: true });
    writeFileSync(join(this.#outside, 'precious'), 'precious');
    // Power cuts are not the matter here.
    const disk = { ...REAL_DISK, syncFileSystem: () => {} };
    this.device = new TestDevice(folder, world.repository, { url, ports: { disk } });
    this.expectHonesty();
  }

  /** Short times, so that a server that only makes it wait is left soon. */
  expectHostility(): void {
    this.#openBy(IMPATIENT);
  }

  expectHonesty(): void {
    this.#openBy({ retryDelay: 1 });
  }

  facts(): Facts {
    return {
      installed: this.#installed(),
      tree: this.device.snapshot(),
      outside: snapshotTree(this.#outside),
    };
  }

  /** Breaks something in the root, for a repair to need content. */
  damage(random: Random): void {
    const { root } = this.device;
    const kinds: (() => void)[] = [
      () => rmSync(join(root, 'usr/data'), { recursive: true, force: true }),
      () => removeData(root, random.below(DATA), DATA / 2),
      () => rmSync(join(root, 'usr'), { recursive: true, force: true }),
      () => writeFileSync(join(root, 'usr/bin/program'), 'damaged'),
      () => rmSync(join(root, 'usr/lib/changes'), { force: true }),
      () => this.#plant('usr'),
      () => this.#plant('usr/lib'),
      () => this.#plant(random.pick(['usr/data', 'usr/bin'])),
    ];
    try {
      random.pick(kinds)();
    } catch (error) {
      // What an earlier blow has taken away can't be hit.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  /** Has the content of the next build in the cache, but for a stretch of it that an update then asks a range for. */
  async begin(random: Random): Promise<void> {
    await this.device.update({ downloadOnly: true });
    const first = random.below(DATA / 2);
    for (let index = first; index < first + 8; index++)
      rmSync(join(this.device.state, 'cache', sha256(dataOf(index))), { force: true });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A link out of the root in the place of a directory; what it leads to looks just like what was there. */
  #plant(path: string): void {
    const away = join(this.#outside, `${path.replaceAll('/', '-')}-${Date.now()}`);
    renameSync(join(this.device.root, path), away);
    symlinkSync(away, join(this.device.root, path));
  }

  #installed(): Facts['installed'] {
    try {
      const record = JSON.parse(readFileSync(join(this.device.state, 'installed.json'), 'utf8')) as {
        version: number;
        bundles: readonly { name: string }[];
      };
      return { version: record.version, bundles: record.bundles.map(({ name }) => name).sort() };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  #openBy(options: Partial<RepositoryOptions>): void {
    const openRepository = (url: string) =>
      openSource(url, {
        env: {},
        userAgent: 'swupd/0',
        now: () => performance.now(),
        random: () => 0,
        ...options,
      });
    this.device.ports = { ...this.device.ports, openRepository };
  }
}

function removeData(root: string, first: number, count: number): void {
  for (let index = first; index < first + count; index++)
    rmSync(join(root, dataPath(index)), { force: true });
}
