import { closeSync, openSync } from 'node:fs';
import type { FileEntry, Manifest } from '@swupd/manifests';
import { hashFile } from '@swupd/shared/io';
import { absolute, walkBundle } from '../../server/src/scan/walk-bundle.ts';

/** The files of a bundle's folder as version 1 of its manifest, as far as deltas are chosen by them. */
export function scanBundle(folder: string, bundle: string): Manifest {
  const nodes = walkBundle({ folder, started: 0 });
  const entries = nodes.flatMap((node): FileEntry[] => {
    if (node.type !== 'file') return [];
    const { path, mode, uid, gid, xattrs, size } = node;
    const fd = openSync(absolute(folder, path), 'r');
    const { digest } = hashFile(fd);
    closeSync(fd);
    const base = { path, mode, uid, gid, xattrs, pathClass: 'managed', version: 1 } as const;
    return [{ ...base, type: 'file', size, storedSize: size, digest, linkTo: undefined }];
  });
  return { bundle, version: 1, entries };
}
