import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { type VarintReader, VarintWriter } from '../../varint.ts';
import { INFLATED_LIMITS } from './limits.ts';

/** `bytes` as a payload has them, compressed where that is smaller. */
export function packBytes(bytes: Uint8Array): Uint8Array {
  const packed = new VarintWriter();
  const frame = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  const isSmaller = frame.length + 2 < bytes.length;
  packed.write(bytes.length * 2 + (isSmaller ? 1 : 0));
  if (isSmaller) packed.writeSection(frame);
  else packed.writeBytes(bytes);
  return packed.take();
}

/**
 * Reads what `packBytes` wrote.
 * @throws RangeError on any damage
 */
export function unpackBytes(payload: VarintReader): Uint8Array {
  const head = payload.read(2 * INFLATED_LIMITS.list + 1);
  const size = Math.floor(head / 2);
  if (head % 2 === 0) return payload.readBytes(size);
  const bytes = decompress(payload.readSection(), size);
  if (bytes.length !== size) throw new RangeError('packed bytes have another size');
  return bytes;
}

function decompress(frame: Uint8Array, sizeMax: number): Uint8Array {
  try {
    return brotliDecompressSync(frame, { maxOutputLength: Math.max(1, sizeMax) });
  } catch (cause) {
    throw new RangeError('packed bytes are damaged', { cause });
  }
}
