import type { Device } from '../device/device.ts';
import { type Directory, removeTree } from '../disk/index.ts';
import { keepOnly } from '../system/keep-only.ts';
import { installedSystem } from './installed-system.ts';

export interface CleanOptions {
  /** Also the manifests of the installed build; they are fetched again when needed. */
  readonly all: boolean;
  readonly dryRun: boolean;
}

export interface CleanResult {
  /** Names below the state directory. */
  readonly removed: readonly string[];
  readonly bytes: number;
}

/** Empties the cache: downloads, blobs of interrupted runs, manifests that the installed build does not need. */
export async function clean(device: Device, { all, dryRun }: CleanOptions): Promise<CleanResult> {
  const { cache, downloads, documents } = device.state;
  const removed: string[] = [];
  let bytes = 0;
  const empty = (directory: Directory, folder: string): void => {
    for (const name of directory.list()) {
      removed.push(`${folder}/${name}`);
      bytes += directory.lookup(name)?.size ?? 0;
      if (!dryRun) removeTree(directory, name);
    }
  };
  empty(cache, 'cache');
  empty(downloads, 'downloads');
  if (all) empty(documents, 'documents');
  else if (device.record !== undefined) {
    const { release } = await installedSystem(device);
    removed.push(...keepOnly(device, release, dryRun));
  }
  return { removed, bytes };
}
