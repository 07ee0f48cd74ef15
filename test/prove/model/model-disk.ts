import { componentsOf, type FileName, parseRepoPath } from '@swupd/shared';
import type { Directory, Disk } from '../../../client/src/disk/index.ts';
import { errnoOf } from '../../../client/src/disk/index.ts';
import { ModelDirectory, type Namespace } from './model-directory.ts';
import type { Observer } from './model-file.ts';
import { type NodeId, type Nodes, TOP } from './node.ts';
import type { Spot } from './spot.ts';
import { SystemError } from './system-error.ts';
import { ROOMY, type Unsettled, Volume, type VolumeLimits } from './volume.ts';

/** A file system that is mounted on a directory of another. */
interface Mount {
  readonly on: { readonly volume: number; readonly id: NodeId };
  readonly volume: number;
}

/** Everything on a disk at a moment when nothing was on its way to it. */
export interface Image {
  /** The first is that of `/`. */
  readonly volumes: readonly { readonly nodes: Nodes; readonly limits: VolumeLimits }[];
  readonly mounts: readonly Mount[];
}

/** What a cut finds: for each file system, what is durable and what may be. */
export interface CutState {
  readonly volumes: readonly (Unsettled & { readonly limits: VolumeLimits })[];
  readonly mounts: readonly Mount[];
}

/**
 * A disk in memory that knows what of it would survive a power cut. Linux's rules for names, links, owners, modes and room, as
 * far as the client's port can see them; one user, root. Paths to `openRoot` and `makeRoot` have no symbolic links.
 *
 * What is durable (ext4 with `data=ordered` or `data=writeback`, xfs, btrfs, each as its manual has it; Pillai et al., "All
 * File Systems Are Not Created Equal", OSDI 2014, table 1; Mohan et al., CrashMonkey, OSDI 2018):
 * - After a sync of a file: its content and size. Not its name, owner or mode.
 * - After a sync of a directory: its names, in the order in which they changed; not what the names lead to.
 * - After a sync of a file system: all of it.
 * - Of anything else nothing is sure. Each change of names is one transaction, so a rename is never half done; changes of one
 *   name keep their order; any others reach the disk in any order. (ext4 and xfs keep the order of all, btrfs does not.)
 *   `images` enumerates what a cut may leave.
 */
export class ModelDisk implements Disk {
  /** Told of each operation that changes or syncs something, after it. */
  observer: Observer = () => {};
  readonly #volumes: Volume[];
  readonly #mounts: Mount[];
  readonly #handles = new Map<string, Spot>();
  #opened = 0;
  readonly #namespace: Namespace;

  constructor(image: Image = { volumes: [], mounts: [] }) {
    this.#volumes = image.volumes.map(({ nodes, limits }, i) => new Volume(i + 1, limits, nodes));
    if (this.#volumes.length === 0) this.#volumes.push(new Volume(1, ROOMY));
    this.#mounts = [...image.mounts];
    this.#namespace = {
      observe: (operation) => this.observer(operation),
      opened: (spot) => this.#register(spot),
      mountedAt: (spot) => this.#mountedAt(spot),
    };
  }

  /** Directories and files that are open. */
  get openHandles(): number {
    return this.#handles.size;
  }

  openRoot(path: string): ModelDirectory {
    const again = this.#handles.get(path);
    return new ModelDirectory(again ?? this.#resolve(path), this.#namespace);
  }

  makeRoot(path: string, mode: number): void {
    let directory = this.openRoot('/');
    for (const name of namesOf(path)) {
      try {
        directory.makeDirectory(name, mode);
      } catch (error) {
        if (errnoOf(error) !== 'EEXIST') throw error;
      }
      const next = directory.openDirectory(name);
      directory.close();
      directory = next;
    }
    directory.close();
  }

  syncFileSystem(directory: Directory): void {
    (directory as ModelDirectory).syncFileSystem();
  }

  /** Mounts a new file system on the directory at `path`. */
  mount(path: string, limits: VolumeLimits = ROOMY): void {
    const { volume, id } = this.#resolve(path);
    const on = { volume: volume.device - 1, id };
    this.#volumes.push(new Volume(this.#volumes.length + 1, limits));
    this.#mounts.push({ on, volume: this.#volumes.length - 1 });
  }

  /** Makes everything durable. */
  settle(): void {
    for (const volume of this.#volumes) volume.syncAll();
  }

  /** Everything as programs see it. */
  image(): Image {
    const volumes = this.#volumes.map(({ nodes, limits }) => ({ nodes: new Map(nodes), limits }));
    return { volumes, mounts: [...this.#mounts] };
  }

  /** What would be found after a cut at this moment. */
  cutState(): CutState {
    const volumes = this.#volumes.map((volume) => ({ ...volume.unsettled(), limits: volume.limits }));
    return { volumes, mounts: [...this.#mounts] };
  }

  #register(spot: Spot): { reference: string; onClose: () => void } {
    const reference = `model:${++this.#opened}`;
    this.#handles.set(reference, spot);
    return { reference, onClose: () => this.#handles.delete(reference) };
  }

  #mountedAt(spot: Spot): Spot {
    const mount = this.#mounts.find(({ on }) => on.volume === spot.volume.device - 1 && on.id === spot.id);
    const volume = mount === undefined ? undefined : this.#volumes[mount.volume];
    return volume === undefined ? spot : { volume, id: TOP };
  }

  #resolve(path: string): Spot {
    const [volume] = this.#volumes;
    if (volume === undefined) throw new TypeError('a disk without file systems');
    let spot = this.#mountedAt({ volume, id: TOP });
    for (const name of namesOf(path)) {
      const node = spot.volume.node(spot.id);
      if (node.type !== 'directory') throw new SystemError('ENOTDIR', 'open', path);
      const id = node.names.get(name);
      if (id === undefined) throw new SystemError('ENOENT', 'open', path);
      spot = this.#mountedAt({ volume: spot.volume, id });
    }
    if (spot.volume.node(spot.id).type !== 'directory') throw new SystemError('ENOTDIR', 'open', path);
    return spot;
  }
}

function namesOf(path: string): readonly FileName[] {
  const relative = path.replace(/^\/+/, '');
  return relative === '' ? [] : componentsOf(parseRepoPath(relative));
}
