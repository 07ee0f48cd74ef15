import { componentsOf, displayPath, parentOf, type RepoPath } from '@swupd/shared';
import {
  type Directory,
  type Disk,
  type DiskSpace,
  ensureDirectory,
  errnoOf,
  ownName,
  PathWalker,
  removeTree,
} from '../../disk/index.ts';
import type { Home } from '../../state/home.ts';

/** A folder of ours on the file system on which some names of the root are, so that renames from and to them are possible. */
export interface Area {
  readonly directory: Directory;
  readonly home: Home;
}

/** What the areas of one kind are called in the state directory, and in the root and at mount points. */
export interface AreaNames {
  readonly inState: string;
  readonly inRoot: string;
}

/** Where new content waits for its names, and old content for the commit. */
export const STAGING: AreaNames = { inState: 'staging', inRoot: '.swupd-staging' };

/** The areas of one kind in one root, one for each file system; made when first needed. */
export class Areas {
  readonly #root: Directory;
  readonly #state: Directory;
  readonly #names: AreaNames;
  readonly #walker: PathWalker;
  #own: { readonly root: number; readonly state: number } | undefined;
  /** By parent directory; looking each up once is enough, since nothing changes while an area is chosen. */
  readonly #devices = new Map<RepoPath | undefined, number>();
  readonly #open = new Map<Home, Area>();
  readonly #durable = new Set<Home>();

  constructor(root: Directory, state: Directory, names: AreaNames) {
    this.#root = root;
    this.#state = state;
    this.#names = names;
    this.#walker = new PathWalker(root);
  }

  /** The home of the area for a new name at `path`: a rename from there to `path` stays on one file system. */
  homeFor(path: RepoPath): Home {
    const device = this.deviceFor(path);
    if (device === this.#ownDevices.state) return 'state';
    if (device === this.#ownDevices.root) return 'root';
    return this.#mountPoint(path, device);
  }

  /** The file system on which a new name at `path` will be: that of the nearest directory above it which is there. */
  deviceFor(path: RepoPath): number {
    const parent = parentOf(path);
    const known = this.#devices.get(parent);
    if (known !== undefined) return known;
    if (parent === undefined) return this.#ownDevices.root;
    const stat = this.#walker.lookup(parent);
    const device = stat?.type === 'directory' ? stat.device : this.deviceFor(parent);
    this.#devices.set(parent, device);
    return device;
  }

  /** Room on the file system of a new name at `path`, and where that is mounted. */
  spaceFor(path: RepoPath): { place: string; space: DiskSpace } {
    const home = this.homeFor(path);
    if (home === 'state' || home === 'root') return { place: 'the root', space: this.#root.space() };
    return { place: displayPath(home), space: this.#walker.directory(home).space() };
  }

  open(home: Home): Directory {
    const known = this.#open.get(home);
    if (known !== undefined) return known.directory;
    const directory = this.#at(home, (parent, name) => ensureDirectory(parent, name, 0o700));
    this.#open.set(home, { home, directory });
    return directory;
  }

  /** The same for one that is to stay: its name is durable before anything is moved into it. */
  openDurably(home: Home): Directory {
    const isKnown = this.#durable.has(home);
    const directory = this.open(home);
    if (!isKnown) this.#at(home, (parent) => parent.sync());
    this.#durable.add(home);
    return directory;
  }

  /** undefined where there is no such area, or no such home. */
  openIfThere(home: Home): Directory | undefined {
    try {
      const isThere = this.#at(home, (parent, name) => parent.lookup(ownName(name))?.type === 'directory');
      return isThere ? this.open(home) : undefined;
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
      return undefined;
    }
  }

  /** Homes of which the file system is not mounted now. */
  unmounted(homes: Iterable<Home>): Home[] {
    return [...new Set(homes)].filter((home) => {
      if (home === 'state' || home === 'root') return false;
      const stat = this.#walker.lookup(home);
      return stat?.type !== 'directory' || stat.device === this.deviceFor(home);
    });
  }

  /** Makes what has been written to the file systems of these homes durable, each by one sync; a home may be gone. */
  sync(disk: Disk, homes: Iterable<Home>): void {
    for (const home of new Set(homes)) {
      try {
        this.#at(home, (parent) => disk.syncFileSystem(parent));
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT') throw error;
      }
    }
  }

  /** Empties and removes the areas at `homes`; one that is not there is no error, nor is a home that is gone. */
  remove(homes: Iterable<Home>): void {
    for (const home of new Set(homes)) {
      this.#open.get(home)?.directory.close();
      this.#open.delete(home);
      try {
        this.#at(home, (parent, name) => removeTree(parent, ownName(name)));
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT') throw error;
      }
    }
  }

  close(): void {
    for (const { directory } of this.#open.values()) directory.close();
    this.#open.clear();
    this.#walker.reset();
  }

  get #ownDevices(): { readonly root: number; readonly state: number } {
    this.#own ??= { root: this.#root.stat().device, state: this.#state.stat().device };
    return this.#own;
  }

  /** Gives the directory that holds the area at `home`, and the area's name in it. */
  #at<T>(home: Home, use: (parent: Directory, name: string) => T): T {
    if (home === 'state') return use(this.#state, this.#names.inState);
    if (home === 'root') return use(this.#root, this.#names.inRoot);
    const walker = new PathWalker(this.#root);
    try {
      return use(walker.directory(home), this.#names.inRoot);
    } finally {
      walker.reset();
    }
  }

  /** The uppermost directory of `path` that is on `device`. */
  #mountPoint(path: RepoPath, device: number): RepoPath {
    const components = componentsOf(path);
    for (let depth = 1; depth < components.length; depth++) {
      const candidate = components.slice(0, depth).join('/') as RepoPath;
      if (this.#walker.lookup(candidate)?.device === device) return candidate;
    }
    throw new TypeError('no directory of the path is on the device that one of them was found on');
  }
}
