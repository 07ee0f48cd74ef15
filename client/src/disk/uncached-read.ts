import { closeSync, constants, openSync, readSync } from 'node:fs';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_DIRECT } = constants;

/**
 * Gives the bytes of a file as the disk has them, front to back, past the system's cache (open(2), O_DIRECT). Chunks are good
 * until `use` returns.
 * @returns false where the file system reads through its cache only
 */
export function readUncached(path: string | Buffer, use: (bytes: Uint8Array) => void): boolean {
  const fd = unlessUnsupported(() => openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_DIRECT));
  if (fd === undefined) return false;
  try {
    const buffer = alignedBuffer();
    let position = 0;
    for (let count = buffer.length; count === buffer.length; position += count) {
      const read = unlessUnsupported(() => readSync(fd, buffer, 0, buffer.length, position));
      if (read === undefined) return false;
      count = read;
      if (count > 0) use(buffer.subarray(0, count));
    }
    return true;
  } finally {
    closeSync(fd);
  }
}

const PAGE = 64 * 1024;
const CHUNK = 1024 * 1024;

/** Of the standard library, but of no `lib` that the compiler is given: those that have it bring a browser along. */
declare const WebAssembly: {
  readonly Memory: new (pages: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
};

let aligned: Buffer | undefined;

/** O_DIRECT wants memory that begins at a block; that of WebAssembly begins at a page, and stays there. */
function alignedBuffer(): Buffer {
  aligned ??= Buffer.from(new WebAssembly.Memory({ initial: CHUNK / PAGE }).buffer);
  return aligned;
}

function unlessUnsupported<T>(operation: () => T): T | undefined {
  try {
    return operation();
  } catch (error) {
    if (UNSUPPORTED.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

const UNSUPPORTED: ReadonlySet<string> = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP']);
