import type { Device } from '../device/device.ts';
import { type Directory, removeTree } from '../disk/index.ts';
import { forgetPrevious } from '../system/forget-previous.ts';
import { keepOnly, previousFiles } from '../system/keep-only.ts';
import { type KeptSpace, keptSpace } from '../system/kept-space.ts';
import { installedSystem } from './installed-system.ts';

export interface CleanOptions {
  /** Also the manifests of the installed build; they are fetched again when needed. */
  readonly all: boolean;
  /** Also what is kept of versions before: there is no going back any more. */
  readonly kept: boolean;
  readonly dryRun: boolean;
}

export interface CleanResult {
  /** Names below the state directory. */
  readonly removed: readonly string[];
  readonly bytes: number;
  /** What is kept all the same, for `swupd rollback`. */
  readonly left: KeptSpace;
}

/** Empties the cache: downloads, blobs of interrupted runs, manifests that the installed build does not need. */
export async function clean(device: Device, { all, kept, dryRun }: CleanOptions): Promise<CleanResult> {
  const { cache, downloads, documents } = device.state;
  const removed: string[] = [];
  let bytes = 0;
  const empty = (directory: Directory, folder: string, except: readonly string[] = []): void => {
    for (const name of directory.list()) {
      if (except.includes(name.split('.')[0] ?? '')) continue;
      removed.push(`${folder}/${name}`);
      bytes += directory.lookup(name)?.size ?? 0;
      if (!dryRun) removeTree(directory, name);
    }
  };
  empty(cache, 'cache');
  empty(downloads, 'downloads');
  if (kept) {
    const gone = forgetPrevious(device, dryRun);
    removed.push(...gone.names);
    bytes += gone.bytes;
  }
  if (all) empty(documents, 'documents', kept ? [] : previousFiles(device).documents);
  else if (device.record !== undefined) {
    const { release } = await installedSystem(device);
    removed.push(...keepOnly(device, release, dryRun));
  }
  return { removed, bytes, left: kept ? { versions: [], bytes: 0 } : keptSpace(device) };
}
