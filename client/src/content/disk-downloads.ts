import { type Directory, ownName, readWhole, removeIfThere } from '../disk/index.ts';
import { hashReadable } from '../inspect/observe.ts';
import type { DownloadFiles } from '../repository/index.ts';

/** Downloads in a folder of the state directory. */
export function diskDownloads(directory: Directory): DownloadFiles {
  return {
    sizeOf: (name) => directory.lookup(ownName(name))?.size,
    readText: (name) => readWhole(directory, name)?.toString('latin1'),
    writeText(name, text) {
      const file = directory.appendFile(ownName(name), 0, 0o600);
      file.write(Buffer.from(text, 'latin1'));
      file.close();
    },
    async append(name, keep) {
      const file = directory.appendFile(ownName(name), keep, 0o600);
      return {
        write: async (bytes) => file.write(bytes),
        sync: async () => file.sync(),
        close: async () => file.close(),
      };
    },
    hash(name) {
      const file = directory.openFile(ownName(name));
      try {
        return { digest: hashReadable(file), size: file.size };
      } finally {
        file.close();
      }
    },
    rename: (from, to) => directory.rename(ownName(from), directory, ownName(to)),
    remove: (name) => removeIfThere(directory, ownName(name)),
  };
}
