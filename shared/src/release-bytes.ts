const WORTH_IT = 256 * 1024;

/**
 * Gives the memory of large buffers back at once, which are unusable afterwards. The garbage collector sees little of what lies
 * outside its heap, and would let some hundreds of megabytes wait in each thread. Views of a part of a buffer are left alone.
 */
export function releaseBytes(...views: readonly Uint8Array[]): void {
  for (const view of views) if (view.byteLength === view.buffer.byteLength) releaseBuffer(view);
}

/** The same for the whole buffer behind a large view, of which nobody has another view. */
export function releaseBuffer({ buffer, byteLength }: ArrayBufferView): void {
  if (byteLength >= WORTH_IT && buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
}
