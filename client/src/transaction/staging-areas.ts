import { componentsOf, displayPath, parentOf, type RepoPath } from '@swupd/shared';
import {
  type Directory,
  type DiskSpace,
  ensureDirectory,
  errnoOf,
  ownName,
  PathWalker,
  removeTree,
} from '../disk/index.ts';

/** A folder for what is about to get its final name, on the file system on which that name is. */
export interface StagingArea {
  readonly directory: Directory;
  /** The directory of the root that holds the area, for the journal; `state` for the one in the state directory. */
  readonly home: RepoPath | 'root' | 'state';
}

const IN_STATE = ownName('staging');
/** In the root, where the state directory is on another file system. */
const IN_ROOT = ownName('.swupd-staging');

/** The staging areas of one root, one for each file system; made when first needed. */
export class StagingAreas {
  readonly #root: Directory;
  readonly #state: Directory;
  readonly #walker: PathWalker;
  readonly #rootDevice: number;
  readonly #stateDevice: number;
  /** By parent directory; looking each up once is enough, since nothing changes while an area is chosen. */
  readonly #devices = new Map<RepoPath | undefined, number>();
  readonly #byHome = new Map<string, StagingArea>();

  constructor(root: Directory, state: Directory) {
    this.#root = root;
    this.#state = state;
    this.#walker = new PathWalker(root);
    this.#rootDevice = root.stat().device;
    this.#stateDevice = state.stat().device;
    this.#devices.set(undefined, this.#rootDevice);
  }

  /** The home of the area for a new name at `path`: a rename from there to `path` stays on one file system. */
  homeFor(path: RepoPath): StagingArea['home'] {
    const device = this.deviceFor(path);
    if (device === this.#stateDevice) return 'state';
    if (device === this.#rootDevice) return 'root';
    return this.#mountPoint(path, device);
  }

  /** The file system on which a new name at `path` will be: that of the nearest directory above it which is there. */
  deviceFor(path: RepoPath): number {
    const parent = parentOf(path);
    const known = this.#devices.get(parent);
    if (known !== undefined || parent === undefined) return known ?? this.#rootDevice;
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

  open(home: StagingArea['home']): StagingArea {
    const known = this.#byHome.get(home);
    if (known !== undefined) return known;
    const area = { home, directory: this.#open(home) };
    this.#byHome.set(home, area);
    return area;
  }

  /** Removes what a run has left that was cut off before its journal was written. */
  removeLeftovers(): void {
    if (this.#state.lookup(IN_STATE) !== undefined) this.clear('state');
    if (this.#root.lookup(IN_ROOT) !== undefined) this.clear('root');
  }

  /** Empties and removes all areas that were opened. */
  remove(): void {
    for (const home of this.#byHome.keys()) this.clear(home as StagingArea['home']);
    this.close();
  }

  /** Removes what an earlier run has left in the area at `home`. */
  clear(home: StagingArea['home']): void {
    if (home === 'state') {
      removeTree(this.#state, IN_STATE);
      return;
    }
    const walker = new PathWalker(this.#root);
    try {
      removeTree(home === 'root' ? this.#root : walker.directory(home), IN_ROOT);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    } finally {
      walker.reset();
    }
  }

  close(): void {
    for (const { directory } of this.#byHome.values()) directory.close();
    this.#byHome.clear();
    this.#walker.reset();
  }

  #open(home: StagingArea['home']): Directory {
    if (home === 'state') return ensureDirectory(this.#state, IN_STATE, 0o700);
    if (home === 'root') return ensureDirectory(this.#root, IN_ROOT, 0o700);
    const walker = new PathWalker(this.#root);
    try {
      return ensureDirectory(walker.directory(home), IN_ROOT, 0o700);
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
