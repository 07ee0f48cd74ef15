import { closeSync, fstatSync, openSync } from 'node:fs';
import { type Digest, displayPath, type RepoPath } from '@swupd/shared';
import { hashFile } from '@swupd/shared/io';
import { imageChanged } from './image-changed.ts';
import { absolute, stampOf } from './walk-bundle.ts';

export interface HashRequest {
  /** The bundle's folder as a byte string. */
  readonly folder: string;
  /** Files with the stamps that the walk saw. */
  readonly files: readonly { readonly path: RepoPath; readonly stamp: string }[];
}

/**
 * Digests of some files of a bundle, in their order.
 * @throws BuildError `image-changed` where a file is no longer the one that the walk saw
 */
export function hashFiles({ folder, files }: HashRequest): Digest[] {
  return files.map(({ path, stamp }) => {
    const fd = openSync(absolute(folder, path), 'r');
    try {
      const { digest } = hashFile(fd);
      if (stampOf(fstatSync(fd, { bigint: true })) !== stamp) throw imageChanged(displayPath(path));
      return digest;
    } finally {
      closeSync(fd);
    }
  });
}
