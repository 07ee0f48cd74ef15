import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/** As small as Brotli gets it (RFC 7932). Deterministic. */
export function compressBrotli(plain: Uint8Array): Uint8Array {
  return brotliCompressSync(plain, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: 22,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
    },
  });
}

/**
 * The `size` bytes of a stream. An attacker controls `stream`: nothing larger is held, whatever it says.
 * @throws RangeError where it is damaged, or has another size
 */
export function decompressBrotli(stream: Uint8Array, size: number): Uint8Array {
  const plain = decode(stream, size);
  if (plain.length === size) return plain;
  throw new RangeError(`compressed bytes are ${plain.length} where ${size} were announced`);
}

function decode(stream: Uint8Array, size: number): Uint8Array {
  try {
    return brotliDecompressSync(stream, { maxOutputLength: Math.max(1, size) });
  } catch (cause) {
    throw new RangeError('compressed bytes are damaged', { cause });
  }
}
