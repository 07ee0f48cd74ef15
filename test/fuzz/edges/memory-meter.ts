/** Adds up the buffers that instrumented modules make during one execution. */
export class MemoryMeter {
  /** Bytes since `reset`. */
  taken = 0;

  reset(): void {
    this.taken = 0;
  }

  /** Takes notice of a new buffer, and gives it. */
  readonly allocated = <T extends { readonly byteLength: number }>(buffer: T): T => {
    this.taken += buffer.byteLength;
    return buffer;
  };

  /** Has the static functions of `Buffer` metered too, in this thread. */
  watchBuffer(): void {
    const { alloc, allocUnsafe, allocUnsafeSlow } = Buffer;
    for (const [name, make] of Object.entries({ alloc, allocUnsafe, allocUnsafeSlow })) {
      const watched = (...args: Parameters<typeof alloc>) => this.allocated(make.apply(Buffer, args));
      Object.defineProperty(Buffer, name, { value: watched, configurable: true, writable: true });
    }
  }
}
