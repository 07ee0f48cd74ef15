import { createWriteStream, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import { compress, frameOptions, releaseBytes } from '@swupd/shared';
import { fillStagedLater, writeStaged } from '../repository/staged-file.ts';

/** From this size on the result is written as it comes. */
const STREAM_FROM = 8 * 1024 * 1024;
/** Of zstd. A stream does not know that its last block is the last, and adds an empty one behind a full one: other bytes. */
const BLOCK = 128 * 1024;

/**
 * Stages `plain` as `compress` stores it, and gives its stored size. The result of much is never held: for 200 MB it would be
 * another 60, and twice, as Node joins its parts.
 */
export async function stageCompressed(path: string, plain: Uint8Array, level: number): Promise<number> {
  if (plain.length < STREAM_FROM || plain.length % BLOCK === 0) return stageAtOnce(path, plain, level);
  await fillStagedLater(path, async (aside) => {
    const encoder = createZstdCompress(frameOptions(plain.length, level));
    encoder.end(plain);
    await pipeline(encoder, createWriteStream(aside));
  });
  if (statSync(path).size >= plain.length) writeStaged(path, plain);
  return statSync(path).size;
}

function stageAtOnce(path: string, plain: Uint8Array, level: number): number {
  const { bytes } = compress(plain, level);
  writeStaged(path, bytes);
  const { length } = bytes;
  releaseBytes(bytes);
  return length;
}
