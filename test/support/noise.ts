/** `length` bytes that compress badly and are the same for the same seed. xorshift32. */
export function noise(seed: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let state = (seed * 2_654_435_761 + 1) >>> 0 || 1;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state & 0xff;
  }
  return bytes;
}

/** `bytes` with a few of them changed in the middle: worth a delta. */
export function slightlyChanged(bytes: Uint8Array): Buffer {
  const changed = Buffer.from(bytes);
  changed.write('changed', changed.length >> 1);
  return changed;
}
