import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type PublishedSource, SourceError } from './published-source.ts';

/** A repository in a folder. */
export function folderSource(folder: string): PublishedSource {
  return {
    description: folder,
    async open(name) {
      try {
        const file = await open(join(folder, name));
        return bodyOf(createReadStream(join(folder, name), { fd: file }), name);
      } catch (cause) {
        return absentOr(name, cause);
      }
    },
    async sizeOf(name) {
      try {
        const stats = await stat(join(folder, name));
        return stats.isFile() ? stats.size : undefined;
      } catch (cause) {
        return absentOr(name, cause);
      }
    },
    async list() {
      const items = await readdir(folder, { recursive: true, withFileTypes: true });
      return items
        .filter((item) => !item.isDirectory())
        .map((item) => relative(folder, join(item.parentPath, item.name)));
    },
  };
}

async function* bodyOf(stream: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (cause) {
    throw new SourceError(`${name} can't be read`, { cause });
  }
}

function absentOr(name: string, cause: unknown): undefined {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
  throw new SourceError(`${name} can't be read: ${message}`, { cause });
}
