import { closeSync, fdatasyncSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Replaces the file at `path`: written aside in the same folder, synced, renamed, folder synced. After a power cut the file
 * is the old one or the new one. Not for two writers of one file at a time.
 */
export function writeFileAtomic(path: string, bytes: Uint8Array, mode = 0o644): void {
  const aside = `${path}.new`;
  try {
    const fd = openSync(aside, 'w', mode);
    try {
      writeFileSync(fd, bytes);
      fdatasyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Makes the names in the folder durable. */
export function syncFolder(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
