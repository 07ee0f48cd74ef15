import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';

/**
 * Calls `changed` with the name for each change of one below `top` that inotify reports, in directories that are made meanwhile too. Some are
 * missed there: nothing watches a directory before it has been seen.
 * @returns the function that ends it
 */
export function watchChanges(top: string, changed: (name: string) => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  const add = (folder: string): void => {
    for (const path of foldersBelow(folder)) {
      if (watchers.has(path)) continue;
      try {
        const watcher = watch(path, (kind, name) => {
          changed(name ?? '');
          if (kind === 'rename' && name !== null) add(join(path, name));
        });
        watcher.on('error', () => watcher.close());
        watchers.set(path, watcher);
      } catch {
        // It is gone already.
      }
    }
  };
  add(top);
  return () => {
    for (const watcher of watchers.values()) watcher.close();
  };
}

/** The folder itself and those below it; none where it is no folder, or gone. */
function foldersBelow(folder: string): string[] {
  try {
    const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [folder, ...below.flatMap(({ name }) => foldersBelow(join(folder, name)))];
  } catch {
    return [];
  }
}
