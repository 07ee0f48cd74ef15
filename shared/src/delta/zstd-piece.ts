import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { DeltaError } from './delta-error.ts';

/** How hard to look for matches between a piece and its region. Parameters of zstd; what is not named comes with the level. */
export const EFFORTS = {
  /** The most that a piece can win: 0.13 s a MiB for small files, up to 0.5 s where the tables outgrow the cache. */
  thorough: { [constants.ZSTD_c_compressionLevel]: 19 },
  /** 0.04 s a MiB. The tables hold every position of the largest region; shorter matches are not worth their distances. */
  quick: {
    [constants.ZSTD_c_compressionLevel]: 12,
    [constants.ZSTD_c_hashLog]: 23,
    [constants.ZSTD_c_minMatch]: 6,
  },
  /** 0.12 s a MiB. The parser of the high levels, which takes a tenth off programs, over a search that stays shallow. */
  careful: {
    [constants.ZSTD_c_compressionLevel]: 18,
    [constants.ZSTD_c_chainLog]: 23,
    [constants.ZSTD_c_searchLog]: 1,
    [constants.ZSTD_c_targetLength]: 32,
  },
} as const;

/** One zstd frame that makes `piece` where `region` is known as raw content: with the size of the piece, without a checksum. */
export function compressPiece(
  region: Uint8Array,
  piece: Uint8Array,
  effort: keyof typeof EFFORTS,
): Uint8Array {
  const windowLog = Math.ceil(Math.log2(region.length + piece.length + 1));
  return zstdCompressSync(piece, {
    ...dictionaryOf(region),
    params: { ...EFFORTS[effort], [constants.ZSTD_c_windowLog]: Math.max(windowLog, 10) },
    pledgedSrcSize: piece.length,
    chunkSize: 256 * 1024,
  });
}

/**
 * The `size` bytes that `frame` makes with `region`. Nothing larger is held, whatever the frame says.
 * @param windowLog the largest window that the frame may ask for, as a power of two
 * @throws DeltaError `bad-delta`
 */
export function decompressPiece(
  region: Uint8Array,
  frame: Uint8Array,
  { size, windowLog }: { size: number; windowLog: number },
): Uint8Array {
  const { plain, consumed } = decodeFrame(region, frame, { size, windowLog });
  if (plain.length === size && consumed === frame.length) return plain;
  const details = { size, plain: plain.length, stored: frame.length, consumed };
  throw new DeltaError('bad-delta', 'a piece of the delta has another size than announced', { details });
}

function decodeFrame(
  region: Uint8Array,
  frame: Uint8Array,
  { size, windowLog }: { size: number; windowLog: number },
): { plain: Uint8Array; consumed: number } {
  const options = {
    ...dictionaryOf(region),
    maxOutputLength: size,
    // One byte more than is wanted, so that the output comes in one part.
    chunkSize: Math.max(size + 1, constants.Z_MIN_CHUNK),
    params: { [constants.ZSTD_d_windowLogMax]: windowLog },
    info: true,
  };
  try {
    // With `info`, Node also tells how far it has read; its types don't know this form.
    const decoded = zstdDecompressSync(frame, options) as unknown as DecodedFrame;
    return { plain: decoded.buffer, consumed: decoded.engine.bytesWritten };
  } catch (cause) {
    throw new DeltaError('bad-delta', 'a piece of the delta is damaged or belongs to another file', {
      cause,
    });
  }
}

interface DecodedFrame {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

/** What zstd takes for the start of a trained dictionary instead of raw content: its magic number. */
export function isTrainedDictionary(region: Uint8Array): boolean {
  return region[0] === 0x37 && region[1] === 0xa4 && region[2] === 0x30 && region[3] === 0xec;
}

let supported: boolean | undefined;

/** Whether this Node knows dictionaries for zstd (24.6.0 and later). An older one takes the option and ignores it. */
export function knowsDictionaries(): boolean {
  const sample = Uint8Array.from({ length: 64 }, (_, index) => index);
  supported ??= compressPiece(sample, sample, 'quick').length < sample.length;
  return supported;
}

/** @throws DeltaError `unknown-codec` where this Node does not know them */
export function requireDictionaries(): void {
  if (knowsDictionaries()) return;
  throw new DeltaError('unknown-codec', 'this version of Node.js does not know dictionaries for zstd', {
    hint: 'Use Node.js 24.6 or later',
  });
}

function dictionaryOf(region: Uint8Array): { dictionary?: Buffer } {
  if (region.length === 0) return {};
  return { dictionary: Buffer.from(region.buffer, region.byteOffset, region.byteLength) };
}
