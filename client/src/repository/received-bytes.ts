import type { Readable } from 'node:stream';

/** Bytes that may wait for their reader before the sender is told to wait. */
const HIGH_WATER = 1024 * 1024;

/**
 * The bytes of `stream`, all that came in. A stream that fails throws away what it has buffered; here that comes first, and
 * the failure after it, so that what the network has brought is not sent again. Only where the reader is far behind, a
 * buffer's worth (64 KiB) can still be lost.
 */
export async function* receivedBytes(stream: Readable): AsyncGenerator<Uint8Array> {
  const queue: Uint8Array[] = [];
  let queued = 0;
  let over: { readonly error?: unknown } | undefined;
  let wake = (): void => {};
  const finish = (end: { readonly error?: unknown }): void => {
    over ??= end;
    wake();
  };
  stream.on('data', (chunk: Uint8Array) => {
    queue.push(chunk);
    queued += chunk.length;
    if (queued >= HIGH_WATER) stream.pause();
    wake();
  });
  stream.once('end', () => finish({}));
  stream.once('error', (error) => finish({ error }));
  stream.once('close', () => finish({ error: stream.errored ?? new Error('closed before its end') }));
  if (stream.closed) finish({ error: stream.errored ?? new Error('closed before its end') });
  for (;;) {
    const chunk = queue.shift();
    if (chunk !== undefined) {
      queued -= chunk.length;
      if (queued < HIGH_WATER && stream.isPaused()) stream.resume();
      yield chunk;
    } else if (over === undefined) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    } else {
      if ('error' in over) throw over.error;
      return;
    }
  }
}
