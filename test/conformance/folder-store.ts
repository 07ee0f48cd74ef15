import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileNameOf } from '@swupd/manifests/trust';

/** Trusted metadata in a folder, one file a role, without version: ROLE.json. */
export interface FolderStore {
  load(role: string): Uint8Array | undefined;
  save(role: string, bytes: Uint8Array): void;
}

export function folderStore(folder: string): FolderStore {
  const pathOf = (role: string): string => join(folder, fileNameOf(role));
  return {
    load: (role) => readIfThere(pathOf(role)),
    save(role, bytes) {
      mkdirSync(folder, { recursive: true });
      replaceFile(pathOf(role), bytes);
    },
  };
}

export function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Readers see the old file or the new one. */
export function replaceFile(path: string, bytes: Uint8Array): void {
  writeFileSync(`${path}.new`, bytes);
  renameSync(`${path}.new`, path);
}
