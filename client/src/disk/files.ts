import type { FileName } from '@swupd/shared';
import type { Directory, ReadableFile } from './disk.ts';
import { errnoOf } from './errno.ts';

/** A name that this program chooses itself: ASCII, without slashes. */
export function ownName(name: string): FileName {
  return name as FileName;
}

/** The whole file, or undefined where there is none. For the small files of the state directory. */
export function readWhole(directory: Directory, name: string): Buffer | undefined {
  if (directory.lookup(ownName(name))?.type !== 'file') return undefined;
  const file = openIfThere(directory, ownName(name));
  if (file === undefined) return undefined;
  try {
    const buffer = Buffer.alloc(file.size);
    let done = 0;
    for (let count = -1; done < buffer.length && count !== 0; done += count)
      count = file.read(buffer.subarray(done), done);
    return buffer.subarray(0, done);
  } finally {
    file.close();
  }
}

/** A file that another process may remove at any moment. */
function openIfThere(directory: Directory, name: FileName): ReadableFile | undefined {
  try {
    return directory.openFile(name);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Replaces a file: written aside, synced, renamed, directory synced. */
export function replaceFile(directory: Directory, name: string, bytes: Uint8Array): void {
  const aside = ownName(`${name}.new`);
  removeIfThere(directory, aside);
  const file = directory.createFile(aside, 0o644);
  try {
    file.write(bytes);
    file.sync();
  } finally {
    file.close();
  }
  directory.rename(aside, directory, ownName(name));
  directory.sync();
}

/** Removes a file that may not be there. */
export function removeIfThere(directory: Directory, name: FileName): void {
  try {
    directory.removeFile(name);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}

/** Opens a directory of ours, and makes it, durably, where there is none. Several processes may do so at once. */
export function ensureDirectory(parent: Directory, name: string, mode: number): Directory {
  try {
    if (parent.lookup(ownName(name)) === undefined) {
      parent.makeDirectory(ownName(name), mode);
      parent.sync();
    }
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  return parent.openDirectory(ownName(name));
}

/** Removes what is below `name`, and `name`, without following links. */
export function removeTree(parent: Directory, name: FileName): void {
  if (parent.lookup(name)?.type !== 'directory') {
    removeIfThere(parent, name);
    return;
  }
  const directory = parent.openDirectory(name);
  try {
    for (const child of directory.list()) removeTree(directory, child);
  } finally {
    directory.close();
  }
  parent.removeDirectory(name);
}
