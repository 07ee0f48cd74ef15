import { inflate } from './inflate.ts';
import { INFLATED_LIMITS } from './limits.ts';
import { isChunk, type PngChunks, type ReadBytes, readChunks, ZLIB_HEADER } from './png-chunks.ts';
import { GZIP_TRAILER, NO_TRAILER, PNG_TRAILER, type Trailer, trailerOf, ZLIB_TRAILER } from './trailer.ts';

/** A deflate stream inside of a file. */
export interface FoundStream {
  readonly plain: Uint8Array;
  /** The stream itself. */
  readonly packed: Uint8Array;
  /** Where it starts in the file, behind the header of its container; or where the first of its chunks starts. */
  readonly start: number;
  /** Where it ends in the file, behind its chunks; and where its trailer ends. */
  readonly end: number;
  readonly wholeEnd: number;
  readonly trailer: Trailer;
  readonly chunks: PngChunks | undefined;
}

/** Where a stream may start, and what has to follow it. */
interface Place {
  readonly start: number;
  readonly trailer: Trailer;
}

/** Shorter texts are not worth their entry in a list. */
const PLAIN_MIN = 32;
const GZIP_HEADER = 10;
const ZIP_HEADER = 30;
const DEFLATED = 8;

/**
 * The deflate streams of `bytes`, front to back, as their containers announce them: gzip members, zip entries, zlib streams, data
 * chunks of PNG images. All are within the limits of one stream, and of `plainMax` plain bytes together.
 */
export function findStreams(bytes: Uint8Array, plainMax: number): FoundStream[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: FoundStream[] = [];
  let plainLeft = plainMax;
  for (let at = 0; at < view.length && found.length < INFLATED_LIMITS.streams; ) {
    const place = placeAt(view, at);
    const stream =
      place === undefined ? undefined : openAt(view, place, Math.min(plainLeft, INFLATED_LIMITS.stream));
    if (stream === undefined) {
      at += 1;
      continue;
    }
    found.push(stream);
    plainLeft -= stream.plain.length;
    at = stream.end;
  }
  return found;
}

function openAt(bytes: Buffer, place: Place, sizeMax: number): FoundStream | undefined {
  return place.trailer === PNG_TRAILER ? openImage(bytes, place, sizeMax) : openPlain(bytes, place, sizeMax);
}

function openPlain(bytes: Buffer, { start, trailer }: Place, sizeMax: number): FoundStream | undefined {
  const inflated = inflate(bytes.subarray(start, start + INFLATED_LIMITS.packed), sizeMax);
  if (inflated === undefined || inflated.plain.length < PLAIN_MIN) return undefined;
  const { plain, length } = inflated;
  const end = start + length;
  const expected = trailerOf(plain, trailer);
  const wholeEnd = end + expected.length;
  if (Buffer.compare(bytes.subarray(end, wholeEnd), expected) !== 0) return undefined;
  // An opener of the source would take it for an image.
  if (isChunk(readFrom(bytes), start)) return undefined;
  return { plain, packed: bytes.subarray(start, end), start, end, wholeEnd, trailer, chunks: undefined };
}

function openImage(bytes: Buffer, { start, trailer }: Place, sizeMax: number): FoundStream | undefined {
  const image = readChunks(readFrom(bytes), start);
  if (image === undefined) return undefined;
  const packed = image.data.subarray(ZLIB_HEADER);
  const inflated = inflate(packed, sizeMax);
  if (inflated === undefined || inflated.plain.length < PLAIN_MIN) return undefined;
  const { plain, length } = inflated;
  if (Buffer.compare(packed.subarray(length), trailerOf(plain, trailer)) !== 0) return undefined;
  const end = start + image.length;
  return {
    plain,
    packed: packed.subarray(0, length),
    start,
    end,
    wholeEnd: end,
    trailer,
    chunks: image.chunks,
  };
}

function readFrom(bytes: Buffer): ReadBytes {
  return (start, length) => bytes.subarray(start, start + length);
}

function placeAt(bytes: Buffer, at: number): Place | undefined {
  switch (bytes[at]) {
    case 0x1f:
      return gzipAt(bytes, at);
    case 0x49:
      return imageAt(bytes, at);
    case 0x50:
      return zipAt(bytes, at);
    case 0x78:
      return zlibAt(bytes, at);
    default:
      return undefined;
  }
}

/** RFC 1952, section 2.3. */
function gzipAt(bytes: Buffer, at: number): Place | undefined {
  if (bytes[at + 1] !== 0x8b || bytes[at + 2] !== DEFLATED) return undefined;
  const flags = bytes[at + 3] ?? 0;
  if (flags > 0x1f || at + GZIP_HEADER > bytes.length) return undefined;
  let start = at + GZIP_HEADER;
  if (flags & 4) start += start + 2 > bytes.length ? 2 : 2 + bytes.readUInt16LE(start);
  for (const flag of [8, 16]) if (flags & flag) start = bytes.indexOf(0, start) + 1 || bytes.length;
  if (flags & 2) start += 2;
  return { start, trailer: GZIP_TRAILER };
}

/** The local header of a zip entry. */
function zipAt(bytes: Buffer, at: number): Place | undefined {
  if (at + ZIP_HEADER > bytes.length || bytes.readUInt32LE(at) !== 0x04034b50) return undefined;
  if (bytes.readUInt16LE(at + 8) !== DEFLATED) return undefined;
  const start = at + ZIP_HEADER + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
  return { start, trailer: NO_TRAILER };
}

/** RFC 1950, section 2.2, with the window that all encoders use. */
function zlibAt(bytes: Buffer, at: number): Place | undefined {
  const flags = bytes[at + 1] ?? 0;
  if ((flags & 0x20) !== 0 || (0x7800 + flags) % 31 !== 0) return undefined;
  return { start: at + 2, trailer: ZLIB_TRAILER };
}

/** The length of a chunk is before its type. */
function imageAt(bytes: Buffer, at: number): Place | undefined {
  return at >= 4 && isChunk(readFrom(bytes), at - 4) ? { start: at - 4, trailer: PNG_TRAILER } : undefined;
}
