import { parseRepoPath } from '@swupd/shared';
import { type Directory, PathWalker, readWhole } from '../disk/index.ts';

/** Where a setting may stand in the root: the administrator's word before the distribution's. */
const FOLDERS = ['etc/swupd', 'usr/share/defaults/swupd'].map(parseRepoPath);

/** The first line of the settings file `name` in the root, or undefined. */
export function kept(root: Directory, name: string): string | undefined {
  const walker = new PathWalker(root);
  try {
    for (const folder of FOLDERS) {
      if (walker.lookup(folder)?.type !== 'directory') continue;
      const line = readWhole(walker.directory(folder), name)?.toString('utf8').split('\n')[0]?.trim();
      if (line !== undefined && line !== '') return line;
    }
    return undefined;
  } finally {
    walker.reset();
  }
}
