import { crc32 } from 'node:zlib';

/** What follows a deflate stream and says its plain text again. The numbers are the payload's. */
export const NO_TRAILER = 0;
export const GZIP_TRAILER = 1;
export const ZLIB_TRAILER = 2;
/** As `ZLIB_TRAILER`, and all of it cut into the data chunks of a PNG image. */
export const PNG_TRAILER = 3;
export const TRAILERS = [NO_TRAILER, GZIP_TRAILER, ZLIB_TRAILER, PNG_TRAILER] as const;
export type Trailer = (typeof TRAILERS)[number];

/** The trailer that `plain` has: checksum and size (RFC 1952, section 2.3.1), checksum (RFC 1950, section 2.2), or nothing. */
export function trailerOf(plain: Uint8Array, trailer: Trailer): Uint8Array {
  switch (trailer) {
    case NO_TRAILER:
      return new Uint8Array(0);
    case GZIP_TRAILER: {
      const bytes = Buffer.alloc(8);
      bytes.writeUInt32LE(crc32(plain), 0);
      bytes.writeUInt32LE(plain.length, 4);
      return bytes;
    }
    case ZLIB_TRAILER:
    case PNG_TRAILER: {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(adler32(plain));
      return bytes;
    }
  }
}

const ADLER_MODULUS = 65521;
/** Bytes after which the sums have to be reduced to stay exact. */
const ADLER_RUN = 4096;

/** RFC 1950, section 8.2. */
function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (let start = 0; start < bytes.length; start += ADLER_RUN) {
    const end = Math.min(bytes.length, start + ADLER_RUN);
    for (let at = start; at < end; at += 1) {
      low += bytes[at] ?? 0;
      high += low;
    }
    low %= ADLER_MODULUS;
    high %= ADLER_MODULUS;
  }
  return high * 65536 + low;
}
