import type { Directory, Disk } from '../../../client/src/disk/index.ts';

/** One call of the port, on its way to the disk. */
export interface PortCall {
  /** What is called: the disk itself, an open directory or an open file. */
  readonly on: { readonly kind: 'disk' | 'directory' | 'file'; readonly port: object };
  /** By its name in the port. */
  readonly operation: string;
  readonly args: readonly unknown[];
  /** Carries it out, with other arguments where some are given. */
  perform(args?: readonly unknown[]): unknown;
}

/** Decides what becomes of a call: carries it out or not, and gives what the client gets. */
export type Interposer = (call: PortCall) => unknown;

/** Puts an interposer between the client and a disk: all calls go through it, but for those that close. */
export function interpose(disk: Disk, interposer: Interposer): Disk {
  const originals = new WeakMap<object, object>();
  const original = (value: unknown): unknown =>
    typeof value === 'object' && value !== null ? (originals.get(value) ?? value) : value;
  const call = (target: object, operation: string, args: readonly unknown[]): unknown => {
    const method: unknown = Reflect.get(target, operation);
    const perform = (changed = args): unknown =>
      Reflect.apply(method as () => unknown, target, changed.map(original));
    return interposer({ on: { kind: kindOf(target), port: target }, operation, args, perform });
  };
  const wrap = (port: object): object => {
    const proxy = new Proxy(port, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        if (key === 'close') return value.bind(target);
        return (...args: unknown[]) => {
          const result = call(target, String(key), args);
          return isPort(result) ? wrap(result) : result;
        };
      },
    });
    originals.set(proxy, port);
    return proxy;
  };
  return {
    openRoot: (path) => wrap(call(disk, 'openRoot', [path]) as object) as Directory,
    makeRoot: (path, mode) => void call(disk, 'makeRoot', [path, mode]),
    syncFileSystem: (directory) => void call(disk, 'syncFileSystem', [directory]),
  };
}

function kindOf(port: object): 'disk' | 'directory' | 'file' {
  if ('openRoot' in port) return 'disk';
  return 'lookup' in port ? 'directory' : 'file';
}

function isPort(value: unknown): value is object {
  return typeof value === 'object' && value !== null && 'close' in value;
}
