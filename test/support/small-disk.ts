import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TempFolder, tempFolder } from './temp-folder.ts';

/** A file system of its own with little room, in memory. */
export interface SmallDisk extends TempFolder {
  /** Fills it up until only so many bytes are free. */
  leave(bytes: number): void;
  /** Removes what `leave` has filled it with. */
  empty(): void;
}

/** Whether this user may mount one. */
export function canMount(): boolean {
  try {
    smallDisk(1024 * 1024)[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
}

export function smallDisk(bytes: number): SmallDisk {
  const folder = tempFolder();
  const path = join(folder.path, 'disk');
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path], { stdio: 'ignore' });
  } catch (error) {
    folder[Symbol.dispose]();
    throw error;
  }
  const filling = join(path, 'filling');
  const free = (): number => {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  };
  return {
    path,
    empty: () => rmSync(filling, { force: true }),
    leave(rest) {
      rmSync(filling, { force: true });
      writeFileSync(filling, Buffer.alloc(Math.max(0, free() - rest)));
    },
    [Symbol.dispose]() {
      execFileSync('umount', [path]);
      folder[Symbol.dispose]();
    },
  };
}
