import type { FileEntry } from '@swupd/manifests';
import { nameOf, type RepoPath } from '@swupd/shared';

const SHARED_OBJECT = /\.so(?:\.[0-9.]+)?$/;
const PROGRAM = '~program';
const ANY_EXECUTE_BIT = 0o111;

/**
 * What kind of content a file is likely to have, as far as its name and mode tell: files of one family compress well together.
 * Machine code sorts behind everything else.
 */
export function fileFamily({ path, mode }: FileEntry): string {
  const name = nameOf(path);
  if (SHARED_OBJECT.test(name) || name.endsWith('.node')) return '~so';
  const extension = extensionOf(path);
  return extension === '' && (mode & ANY_EXECUTE_BIT) !== 0 ? PROGRAM : extension;
}

/** The part behind the last dot of the name, or nothing. */
export function extensionOf(path: RepoPath): string {
  const name = nameOf(path);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1);
}
