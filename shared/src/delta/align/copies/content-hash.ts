import { read32 } from '../references/reference-form.ts';

/** A hash of the eight bytes at `at`, all 32 bits of which are as good as random. */
export function hash8(bytes: Uint8Array, at: number): number {
  const low = Math.imul(read32(bytes, at), 0x9e3779b1);
  const mixed = Math.imul((low ^ (low >>> 15)) + read32(bytes, at + 4), 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) ^ (mixed >>> 16);
}
