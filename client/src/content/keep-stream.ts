import { createHash } from 'node:crypto';
import type { MemberBlob } from '@swupd/manifests';
import type { ContentCache } from './content-cache.ts';

/**
 * Writes what comes into the cache, and shows it under its digest if it has that.
 * @returns why it was not kept; undefined where it was
 */
export async function keepStream(
  cache: ContentCache,
  { digest, size }: MemberBlob,
  chunks: AsyncIterable<Uint8Array>,
): Promise<string | undefined> {
  const pending = cache.begin(digest);
  const hash = createHash('sha256');
  let done = 0;
  let isRight = false;
  try {
    for await (const chunk of chunks) {
      done += chunk.length;
      hash.update(chunk);
      pending.write(chunk);
    }
    isRight = done === size && hash.digest('hex') === digest;
  } finally {
    if (!isRight) pending.discard();
  }
  if (isRight) pending.keep(digest);
  return isRight ? undefined : 'its bytes do not have its digest';
}

/** Reads to the end, and keeps nothing. */
export async function skipStream(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of chunks);
}

/** `size` bytes, in one piece. */
export async function collectStream(chunks: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(size);
  let done = 0;
  for await (const chunk of chunks) {
    bytes.set(chunk, done);
    done += chunk.length;
  }
  return bytes;
}
