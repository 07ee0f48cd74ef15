import { type Directory, type Disk, REAL_DISK, type WritableFile } from '../disk/index.ts';

/** The real disk of a process that dies, for tests. */
export interface CuttingDisk {
  readonly disk: Disk;
  /** From now on: how many operations succeed before the process dies. */
  cutAfter(operations: number): void;
  /** From now on: how many operations succeed before one fails with this code; those after it succeed again. */
  failAfter(operations: number, code: string): void;
  /** After that failure: how many more operations succeed before the process dies. */
  thenCutAfter(operations: number): void;
  /** Operations since. */
  readonly operations: number;
}

/** What an operation throws that the process did not live to see, nor any later one. */
export class Cut extends Error {}

/**
 * Counts the operations on directories and files, and lets none happen after the last one. A write in which the process dies
 * leaves half of its bytes. Syncs count, but take no time: it is the process that dies, not the machine.
 */
export function cuttingDisk(): CuttingDisk {
  let left = Number.POSITIVE_INFINITY;
  let operations = 0;
  let failure: string | undefined;
  let rest = Number.POSITIVE_INFINITY;
  const originals = new WeakMap<object, object>();
  const tick = (die: () => void = () => {}): void => {
    operations++;
    if (left-- > 0) return;
    if (failure !== undefined) {
      const code = failure;
      failure = undefined;
      left = rest;
      throw Object.assign(new Error(`injected ${code}`), { code });
    }
    if (left === -1) die();
    throw new Cut();
  };
  const wrap = <T extends object>(original: T): T => {
    const proxy = new Proxy(original, {
      get(_, key) {
        const value: unknown = Reflect.get(original, key, original);
        if (typeof value !== 'function' || key === 'close')
          return typeof value === 'function' ? value.bind(original) : value;
        return (...args: unknown[]) => {
          tick(() => key === 'write' && tear(original as unknown as WritableFile, args[0] as Uint8Array));
          if (key === 'sync') return undefined;
          const result: unknown = value.apply(
            original,
            args.map((arg) => originals.get(arg as object) ?? arg),
          );
          return OPENERS.has(key) ? wrap(result as object) : result;
        };
      },
    });
    originals.set(proxy, original);
    return proxy;
  };
  return {
    disk: {
      openRoot: (path) => wrap<Directory>(REAL_DISK.openRoot(path)),
      makeRoot: (path, mode) => REAL_DISK.makeRoot(path, mode),
      syncFileSystem: () => tick(),
    },
    cutAfter(count) {
      left = count;
      failure = undefined;
      operations = 0;
    },
    failAfter(count, code) {
      left = count;
      failure = code;
      rest = Number.POSITIVE_INFINITY;
      operations = 0;
    },
    thenCutAfter(count) {
      rest = count;
    },
    get operations() {
      return operations;
    },
  };
}

const OPENERS = new Set<string | symbol>(['openDirectory', 'openFile', 'createFile', 'appendFile']);

function tear(file: WritableFile, bytes: Uint8Array): void {
  file.write(bytes.subarray(0, bytes.length / 2));
}
