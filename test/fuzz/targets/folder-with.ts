import type { FileName } from '@swupd/shared';
import type { Directory, NodeStat } from '../../../client/src/disk/index.ts';

/** A directory in which every name is a file with these bytes, or a directory like itself, as is asked for. */
export function folderWith(bytes: Uint8Array): Directory {
  const folder = {
    lookup: (name: FileName): Partial<NodeStat> => ({ type: FOLDERS.has(name) ? 'directory' : 'file' }),
    openDirectory: () => folder,
    openFile: () => ({
      size: bytes.length,
      descriptor: undefined,
      read(buffer: Uint8Array, position: number) {
        const part = bytes.subarray(position, position + buffer.length);
        buffer.set(part);
        return part.length;
      },
      close() {},
    }),
    close() {},
  };
  return folder as unknown as Directory;
}

const FOLDERS = new Set<string>(['etc', 'swupd', 'usr', 'share', 'defaults']);
