import { Readable } from 'node:stream';
import { constants, createZstdDecompress } from 'node:zlib';
import { decompress, LIMITS } from '@swupd/shared';
import type { ReadableFile } from '../disk/index.ts';
import type { DecodeTask } from './decode-task.ts';
import { PortionReader } from './portion-reader.ts';

/** Frames up to this size are decompressed at once; larger ones as a stream, in the memory of their window. */
const AT_ONCE = 1024 * 1024;
const CHUNK = 1024 * 1024;

/** The plain bytes of one frame, front to back. What is taken throws RangeError where the frame is damaged or ends before. */
export class FrameReader extends PortionReader {
  constructor(file: ReadableFile, part: Pick<DecodeTask, 'offset' | 'frame'>) {
    super(plainChunks(file, part));
  }
}

/** `length` bytes of the file from `offset` on, or fewer at its end. */
export function readRange(file: ReadableFile, offset: number, length: number): Uint8Array {
  const buffer = Buffer.allocUnsafeSlow(Math.min(length, Math.max(0, file.size - offset)));
  let done = 0;
  while (done < buffer.length) {
    const count = file.read(buffer.subarray(done), offset + done);
    if (count === 0) break;
    done += count;
  }
  return buffer.subarray(0, done);
}

async function* plainChunks(
  file: ReadableFile,
  { offset, frame }: Pick<DecodeTask, 'offset' | 'frame'>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { storedSize, plainSize } = frame;
  if (storedSize === plainSize) yield* storedChunks(file, offset, storedSize);
  else if (plainSize <= AT_ONCE) yield decompress(readRange(file, offset, storedSize), plainSize);
  else yield* decompressed(storedChunks(file, offset, storedSize));
}

async function* decompressed(stored: Iterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = createZstdDecompress({
    chunkSize: CHUNK,
    params: { [constants.ZSTD_d_windowLogMax]: LIMITS.windowLog },
  });
  const source = Readable.from(stored);
  source.on('error', (error) => decoder.destroy(error));
  try {
    for await (const chunk of source.pipe(decoder)) yield chunk as Uint8Array;
  } catch (cause) {
    if (cause instanceof Error && 'syscall' in cause) throw cause;
    throw new RangeError('the compressed bytes are damaged', { cause });
  } finally {
    source.destroy();
    decoder.destroy();
  }
}

function* storedChunks(
  file: ReadableFile,
  offset: number,
  length: number,
): Generator<Uint8Array, void, undefined> {
  for (let done = 0; done < length; ) {
    const chunk = readRange(file, offset + done, Math.min(CHUNK, length - done));
    if (chunk.length === 0) return;
    yield chunk;
    done += chunk.length;
  }
}
