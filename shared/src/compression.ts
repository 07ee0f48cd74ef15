import { constants, type ZstdOptions, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { LIMITS } from './limits.ts';

/**
 * Bytes as the repository stores them. The rule of the whole project: *stored size equal to plain size means stored as it
 * is; otherwise it is one zstd frame.* So no field says which, and a stored object is never larger than its content.
 */
export interface Stored {
  readonly bytes: Uint8Array;
  readonly plainSize: number;
}

/** Deterministic: the same bytes and level give the same frame, whoever calls it and from whichever thread. */
export function compress(plain: Uint8Array, level: number): Stored {
  const frame = compressFrame(plain, level);
  return { bytes: frame.length < plain.length ? frame : plain, plainSize: plain.length };
}

/** One zstd frame around `plain`, with its size in the frame header, whatever comes out smaller. */
export function compressFrame(plain: Uint8Array, level: number): Uint8Array {
  return zstdCompressSync(plain, frameOptions(plain.length, level));
}

/** How `compressFrame` compresses so many bytes, for who does it as a stream. */
export function frameOptions(size: number, level: number): ZstdOptions {
  return {
    params: {
      [constants.ZSTD_c_compressionLevel]: level,
      [constants.ZSTD_c_windowLog]: windowLogFor(size),
    },
    pledgedSrcSize: size,
  };
}

/**
 * The plain bytes of a stored object of which both sizes are known from something that is signed. Never gives or holds more
 * than `plainSize` bytes.
 * @throws RangeError where the frame is damaged or its content has another size; the caller knows what to call it
 */
export function decompress(stored: Uint8Array, plainSize: number): Uint8Array {
  if (stored.length === plainSize) return stored;
  return decompressFrame(stored, plainSize);
}

/**
 * The content of exactly one zstd frame, with nothing behind it.
 * @param partSize in how large parts the output is collected. As large as the content: nothing is held twice, but all of it is
 *   reserved before the first byte is seen.
 * @throws RangeError as `decompress`
 */
export function decompressFrame(frame: Uint8Array, plainSize: number, partSize = PART): Uint8Array {
  const { plain, consumed } = decodeFrame(frame, plainSize, partSize);
  if (plain.length !== plainSize) {
    throw new RangeError(`${plain.length} bytes after decompression where ${plainSize} were announced`);
  }
  if (consumed !== frame.length) {
    throw new RangeError(`${frame.length - consumed} bytes behind the end of the compressed frame`);
  }
  return plain;
}

function decodeFrame(
  frame: Uint8Array,
  plainSize: number,
  partSize: number,
): { plain: Uint8Array; consumed: number } {
  const options = {
    maxOutputLength: Math.max(plainSize, 1),
    chunkSize: Math.max(Math.min(plainSize + 1, partSize), constants.Z_MIN_CHUNK),
    params: { [constants.ZSTD_d_windowLogMax]: LIMITS.windowLog },
    info: true,
  };
  try {
    // With `info`, Node also tells how far it has read; its types don't know this form.
    const { buffer, engine } = zstdDecompressSync(frame, options) as unknown as DecodedFrame;
    return { plain: buffer, consumed: engine.bytesWritten };
  } catch (cause) {
    throw new RangeError('the compressed bytes are damaged', { cause });
  }
}

/** In how large parts output is collected; one that fits is not copied again. */
const PART = 1024 * 1024;

interface DecodedFrame {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

/** The smallest window that covers the whole content, within what a decoder has to accept. */
function windowLogFor(size: number): number {
  return Math.min(LIMITS.windowLog, Math.max(10, Math.ceil(Math.log2(Math.max(size, 1)))));
}
