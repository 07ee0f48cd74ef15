import type { FileName } from '@swupd/shared';
import { type Directory, type Disk, REAL_DISK, type WritableFile } from '../../client/src/disk/index.ts';

/** The real disk, but that nothing waits for it: neither syncs nor reading back. What a power cut would leave is anybody's guess. */
export const UNSYNCED_DISK: Disk = {
  openRoot: (path) => unsynced(REAL_DISK.openRoot(path)),
  makeRoot: (path, mode) => REAL_DISK.makeRoot(path, mode),
  syncFileSystem: () => {},
};

/** The same object with other methods: it has to stay one of its class for renames between directories. */
function unsynced(directory: Directory): Directory {
  const { openDirectory, createFile, appendFile } = directory;
  return Object.assign(directory, {
    readUncached: () => false,
    openDirectory: (name: FileName) => unsynced(openDirectory.call(directory, name)),
    createFile: (name: FileName, mode: number) => unsyncedFile(createFile.call(directory, name, mode)),
    appendFile: (name: FileName, keep: number, mode: number) =>
      unsyncedFile(appendFile.call(directory, name, keep, mode)),
    sync: () => {},
  });
}

function unsyncedFile(file: WritableFile): WritableFile {
  return Object.assign(file, { sync: () => {} });
}
