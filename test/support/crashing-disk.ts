import { type Directory, type Disk, REAL_DISK } from '../../client/src/disk/index.ts';

/** What every change throws once the program counts as killed. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

const CHANGES = new Set([
  'createFile',
  'appendFile',
  'makeDirectory',
  'makeSymlink',
  'makeLink',
  'setMetadata',
  'rename',
  'removeFile',
  'removeDirectory',
  'write',
]);

/** A disk under a program that is killed at a given change. */
export interface CrashingDisk extends Disk {
  /** Changes that were tried. */
  readonly changes: number;
}

/**
 * The real disk for `allowed` changes; every later one, those of cleaning up included, fails as if the process had been
 * killed right before it. Reading and closing go on.
 */
export function crashingDisk(allowed: number): CrashingDisk {
  const counter = new ChangeCounter(allowed);
  return {
    get changes() {
      return counter.changes;
    },
    openRoot: (path) => counter.wrap(REAL_DISK.openRoot(path)),
    makeRoot: (path, mode) => REAL_DISK.makeRoot(path, mode),
    syncFileSystem: (directory) => REAL_DISK.syncFileSystem(counter.unwrap(directory) as Directory),
  };
}

class ChangeCounter {
  changes = 0;
  readonly #allowed: number;
  readonly #inner = new WeakMap<object, object>();

  constructor(allowed: number) {
    this.#allowed = allowed;
  }

  /** `port` with every change counted; so are the directories and files that it opens. */
  wrap<Port extends object>(port: Port): Port {
    const proxy = new Proxy(port, { get: (target, key) => this.#member(target, String(key)) });
    this.#inner.set(proxy, port);
    return proxy;
  }

  unwrap(value: unknown): unknown {
    return typeof value === 'object' && value !== null ? (this.#inner.get(value) ?? value) : value;
  }

  #member(target: object, key: string): unknown {
    const value = Reflect.get(target, key, target) as unknown;
    if (typeof value !== 'function') return value;
    return (...args: readonly unknown[]): unknown => {
      if (CHANGES.has(key) && ++this.changes > this.#allowed) throw new Crash(`killed before ${key}`);
      const result = Reflect.apply(
        value,
        target,
        args.map((arg) => this.unwrap(arg)),
      ) as unknown;
      return typeof result === 'object' && result !== null && 'close' in result ? this.wrap(result) : result;
    };
  }
}
