import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdDecompress } from 'node:zlib';
import { type Digest, LIMITS } from '@swupd/shared';
import type { DeltaSource } from '@swupd/shared/delta';
import { hashFile } from '@swupd/shared/io';
import { damagedBlob, type StoredObject } from './stored-blob.ts';

/**
 * Calls `use` with the plain bytes of a blob that is too large to be held, read by position. What is stored compressed is unpacked
 * into the file `aside` for that time.
 * @throws BuildError `bad-repository` where the blob is damaged
 */
export async function withOpenBlob<T>(
  blob: StoredObject & { readonly digest: Digest },
  aside: string,
  use: (source: DeltaSource) => Promise<T>,
): Promise<T> {
  const isPlain = statSync(blob.path).size === blob.plainSize;
  try {
    if (!isPlain) await unpack(blob, aside);
    const fd = openSync(isPlain ? blob.path : aside, 'r');
    try {
      if (isPlain && hashFile(fd).digest !== blob.digest) throw damagedBlob(blob.path);
      return await use({
        size: blob.plainSize,
        read: (buffer, position) => readSync(fd, buffer, 0, buffer.length, position),
      });
    } finally {
      closeSync(fd);
    }
  } finally {
    rmSync(aside, { force: true });
  }
}

async function unpack(
  { path, plainSize, digest }: StoredObject & { readonly digest: Digest },
  aside: string,
): Promise<void> {
  mkdirSync(dirname(aside), { recursive: true });
  const hash = createHash('sha256');
  let size = 0;
  try {
    await pipeline(
      createReadStream(path),
      createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: LIMITS.windowLog } }),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          size += chunk.length;
          if (size > plainSize) throw damagedBlob(path);
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(aside),
    );
  } catch (cause) {
    throw isZstdError(cause) ? damagedBlob(path, cause) : cause;
  }
  if (size !== plainSize || hash.digest('hex') !== digest) throw damagedBlob(path);
}

/** What zstd says of a frame, or zlib of one that ends too early. */
function isZstdError(cause: unknown): boolean {
  return /^(?:ZSTD|Z)_/.test((cause as NodeJS.ErrnoException).code ?? '');
}
