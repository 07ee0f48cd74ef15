import { crc32 } from 'node:zlib';
import { INFLATED_LIMITS } from './limits.ts';

/** How the zlib stream of a PNG image is cut into its data chunks. */
export interface PngChunks {
  /** The two bytes of the zlib header, the first one high. */
  readonly header: number;
  /** Bytes of data in all chunks but the last one, which has no more. */
  readonly size: number;
  /** Bytes of data in all chunks. */
  readonly total: number;
}

/** The data of neighbouring chunks, and the bytes that they take in the file. */
export interface ChunkedData {
  readonly chunks: PngChunks;
  readonly data: Buffer;
  readonly length: number;
}

/** Gives `length` bytes of the file from `start` on, or fewer at its end. */
export type ReadBytes = (start: number, length: number) => Uint8Array;

const TYPE = Buffer.from('IDAT', 'latin1');
const HEAD_SIZE = 8;
const CHECKSUM_SIZE = 4;
export const ZLIB_HEADER = 2;

/** Whether a data chunk starts there, with its length before its type. */
export function isChunk(read: ReadBytes, start: number): boolean {
  const head = read(start, HEAD_SIZE);
  return head.length >= HEAD_SIZE && TYPE.equals(head.subarray(4, HEAD_SIZE));
}

/** The data chunks from `start` on that follow each other, or undefined where they are too large or not cut evenly. */
export function readChunks(read: ReadBytes, start: number): ChunkedData | undefined {
  const parts: Uint8Array[] = [];
  let total = 0;
  let at = start;
  while (isChunk(read, at)) {
    const size = Buffer.from(read(at, 4)).readUInt32BE();
    total += size;
    if (size === 0 || total > INFLATED_LIMITS.packed) return undefined;
    const body = read(at + HEAD_SIZE, size + CHECKSUM_SIZE);
    if (body.length < size + CHECKSUM_SIZE) return undefined;
    parts.push(new Uint8Array(body.subarray(0, size)));
    at += HEAD_SIZE + size + CHECKSUM_SIZE;
  }
  const size = parts[0]?.length ?? 0;
  const isEven = parts.every(
    (part, index) => part.length === size || (index === parts.length - 1 && part.length < size),
  );
  if (!isEven || total < ZLIB_HEADER) return undefined;
  const data = Buffer.concat(parts);
  return { chunks: { header: data.readUInt16BE(), size, total }, data, length: at - start };
}

/**
 * The chunks around a stream and its trailer, which come in pieces of any size.
 * @throws RangeError where they are not as long as announced
 */
export function* writeChunks(
  pieces: Iterable<Uint8Array>,
  { header, size, total }: PngChunks,
): Generator<Uint8Array> {
  let left = total;
  let chunk = new ChunkWriter(Math.min(size, left));
  for (const piece of withHeader(pieces, header)) {
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + chunk.left);
      if (part.length === 0) throw new RangeError('an image has more data than its chunks');
      chunk.add(part);
      at += part.length;
      left -= part.length;
      if (chunk.left > 0) continue;
      yield chunk.take();
      chunk = new ChunkWriter(Math.min(size, left));
    }
  }
  if (left > 0) throw new RangeError('an image has less data than its chunks');
}

function* withHeader(pieces: Iterable<Uint8Array>, header: number): Generator<Uint8Array> {
  yield Uint8Array.of(header >> 8, header & 255);
  yield* pieces;
}

class ChunkWriter {
  readonly #bytes: Buffer;
  #end = HEAD_SIZE;

  constructor(size: number) {
    this.#bytes = Buffer.alloc(HEAD_SIZE + size + CHECKSUM_SIZE);
    this.#bytes.writeUInt32BE(size);
    this.#bytes.set(TYPE, 4);
  }

  /** Bytes of data that are missing. */
  get left(): number {
    return this.#bytes.length - CHECKSUM_SIZE - this.#end;
  }

  add(data: Uint8Array): void {
    this.#bytes.set(data, this.#end);
    this.#end += data.length;
  }

  take(): Uint8Array {
    this.#bytes.writeUInt32BE(crc32(this.#bytes.subarray(4, this.#end)), this.#end);
    return this.#bytes;
  }
}
