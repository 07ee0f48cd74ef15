import { type VarintReader, VarintWriter } from '../../varint.ts';
import { compressBrotli, decompressBrotli } from '../brotli.ts';
import { INFLATED_LIMITS } from './limits.ts';

/** `bytes` as a payload has them, compressed where that is smaller. */
export function packBytes(bytes: Uint8Array): Uint8Array {
  const packed = new VarintWriter();
  const frame = compressBrotli(bytes);
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
  return decompressBrotli(payload.readSection(), size);
}
