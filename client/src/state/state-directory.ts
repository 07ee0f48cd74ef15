import { DeviceError } from '../device-error.ts';
import {
  type Directory,
  type Disk,
  ensureDirectory,
  errnoOf,
  ownName,
  readWhole,
  replaceFile,
} from '../disk/index.ts';

/** The folders that the client keeps on a device. `docs/device.md`, "State directory". */
export interface StateDirectory {
  readonly top: Directory;
  /** The trust anchor and the last pointer. */
  readonly metadata: Directory;
  /** MoMs with their signatures, by digest. */
  readonly releases: Directory;
  /** Bundle manifests, as they are stored in the repository. */
  readonly documents: Directory;
  /** Verified blobs. */
  readonly cache: Directory;
  /** Downloads, complete and partial. */
  readonly downloads: Directory;
  close(): void;
}

const LAYOUT_VERSION = '1\n';

/** Opens the state directory at `top`, which the caller has opened, and makes what is missing in it. */
export function openStateDirectory(top: Directory): StateDirectory {
  const version = layoutOf(top);
  if (version !== LAYOUT_VERSION) {
    throw new DeviceError(
      'bad-state',
      `the state directory has layout ${version.trim()}; this version knows layout ${LAYOUT_VERSION.trim()}`,
      {
        hint: 'Use the swupd that has written it, or a newer one.',
      },
    );
  }
  const opened: Directory[] = [];
  const close = (): void => {
    for (const directory of opened.splice(0)) directory.close();
  };
  const open = (name: string, mode: number): Directory => {
    const directory = ensureDirectory(top, name, mode);
    opened.push(directory);
    return directory;
  };
  try {
    return {
      top,
      metadata: open('metadata', 0o755),
      releases: open('releases', 0o755),
      documents: open('documents', 0o755),
      cache: open('cache', 0o700),
      downloads: open('downloads', 0o700),
      close: () => {
        close();
        top.close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

const ATTEMPTS = 20;

/** The layout of the state directory, which a new one gets. Nobody has a lock yet, so other first commands may come between. */
function layoutOf(top: Directory): string {
  for (let attempt = 1; ; attempt++) {
    const version = readWhole(top, 'layout');
    // An empty one is somebody else's that is just being written, or was cut off before it was.
    if (version !== undefined && version.length > 0) return version.toString();
    try {
      replaceFile(top, 'layout', Buffer.from(LAYOUT_VERSION));
    } catch (error) {
      if (attempt === ATTEMPTS || !['EEXIST', 'ENOENT'].includes(errnoOf(error) ?? '')) throw error;
    }
  }
}

/**
 * The top of the state directory: below the root, unless the user has named another place. With `create` it is made where it
 * is missing; without, undefined says that it is.
 */
export function openStateTop(
  disk: Disk,
  root: Directory,
  { named, create }: StatePlace,
): Directory | undefined {
  if (named !== undefined) {
    if (create) disk.makeRoot(named, 0o755);
    return unlessMissing(() => disk.openRoot(named));
  }
  // Component by component, so that a link planted in the root can't move the state out of it.
  const open = create
    ? ensureDirectory
    : (parent: Directory, name: string) => parent.openDirectory(ownName(name));
  const opened: Directory[] = [];
  try {
    return unlessMissing(() => {
      for (const name of PLACE) opened.push(open(opened.at(-1) ?? root, name, 0o755));
      return opened.pop();
    });
  } finally {
    for (const directory of opened) directory.close();
  }
}

export interface StatePlace {
  readonly named: string | undefined;
  readonly create: boolean;
}

const PLACE = ['var', 'lib', 'swupd'];

function unlessMissing<T>(open: () => T): T | undefined {
  try {
    return open();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
