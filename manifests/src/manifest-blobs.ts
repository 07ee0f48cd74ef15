import type { Digest } from '@swupd/shared';
import type { Manifest } from './entry.ts';

/** The content of one or several files of a manifest. */
export interface Blob {
  readonly digest: Digest;
  /** Plain bytes, and bytes of the fullfile in the repository. */
  readonly size: number;
  readonly storedSize: number;
}

/** The distinct blobs of a manifest, in the order of the first path that each has. Packs number them so. */
export function blobsOf(manifest: Manifest): Blob[] {
  const blobs = new Map<Digest, Blob>();
  for (const entry of manifest.entries) {
    if (entry.type !== 'file' || blobs.has(entry.digest)) continue;
    blobs.set(entry.digest, { digest: entry.digest, size: entry.size, storedSize: entry.storedSize });
  }
  return [...blobs.values()];
}
