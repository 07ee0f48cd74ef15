import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { bytesOf, compress, type Digest, displayText, LIMITS, releaseBytes } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import { COMPRESSION, fullfileLevel } from '../plan/compression-plan.ts';
import { writeStaged } from '../repository/staged-file.ts';
import { imageChanged } from '../scan/image-changed.ts';

/** A file of the image whose fullfile is to be written. */
export interface BlobJob {
  /** Byte string. */
  readonly source: string;
  readonly digest: Digest;
  readonly size: number;
  /** Where the stored bytes go. */
  readonly target: string;
}

/**
 * Compresses files into blobs; gives their stored sizes in order. What is read must still have the digest of the scan.
 * @throws BuildError `image-changed`
 */
export async function writeBlobs(jobs: readonly BlobJob[]): Promise<number[]> {
  const sizes: number[] = [];
  for (const job of jobs) {
    sizes.push(job.size < COMPRESSION.streamFrom ? writeSmall(job) : await writeLarge(job));
  }
  return sizes;
}

function writeSmall({ source, digest, target }: BlobJob): number {
  const plain = readFileSync(bytesOf(source));
  if (hashContent(plain) !== digest) throw imageChanged(displayText(source));
  const { bytes } = compress(plain, fullfileLevel(plain.length));
  writeStaged(target, bytes);
  const stored = bytes.length;
  releaseBytes(plain, bytes);
  return stored;
}

/** The same for a file that should not be held in memory. */
async function writeLarge({ source, digest, size, target }: BlobJob): Promise<number> {
  const aside = `${target}.new`;
  mkdirSync(dirname(target), { recursive: true });
  try {
    await pipeline(
      createReadStream(bytesOf(source)),
      (chunks: AsyncIterable<Uint8Array>) => checked(chunks, { digest, source }),
      createZstdCompress({
        params: {
          [constants.ZSTD_c_compressionLevel]: fullfileLevel(size),
          [constants.ZSTD_c_windowLog]: LIMITS.windowLog,
        },
        pledgedSrcSize: size,
      }),
      createWriteStream(aside),
    );
    if (statSync(aside).size >= size)
      await pipeline(createReadStream(bytesOf(source)), createWriteStream(aside));
    renameSync(aside, target);
  } finally {
    rmSync(aside, { force: true });
  }
  return statSync(target).size;
}

async function* checked(
  chunks: AsyncIterable<Uint8Array>,
  { digest, source }: { digest: Digest; source: string },
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== digest) throw imageChanged(displayText(source));
}
