import { createHash } from 'node:crypto';

/** `size` bytes in which there is nothing to find; the same for the same seed. */
export function noise(size: number, seed = 'noise'): Buffer {
  return createHash('shake256', { outputLength: Math.max(1, size) })
    .update(seed)
    .digest()
    .subarray(0, size);
}
