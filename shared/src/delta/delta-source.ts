import { DeltaError } from './delta-error.ts';

/** The old blob that a delta starts from: read by position, so that nobody has to hold it. A file that is open will do. */
export interface DeltaSource {
  readonly size: number;
  /** Fills `buffer` from `position` on; gives the bytes read, 0 at the end. */
  read(buffer: Uint8Array, position: number): number;
}

/** A source that lies in memory. */
export function bytesSource(bytes: Uint8Array): DeltaSource {
  return {
    size: bytes.length,
    read(buffer, position) {
      const part = bytes.subarray(position, position + buffer.length);
      buffer.set(part);
      return part.length;
    },
  };
}

/**
 * `length` bytes of `source` from `position` on, in a buffer of their own.
 * @throws DeltaError `bad-delta` where the source ends before; what `source.read` throws
 */
export function readSource(source: DeltaSource, position: number, length: number): Uint8Array<ArrayBuffer> {
  if (position + length > source.size)
    throw new DeltaError('bad-delta', 'the delta reads behind the end of its source');
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const count = source.read(bytes.subarray(done), position + done);
    if (count === 0) throw new DeltaError('bad-delta', 'the source of the delta has become shorter');
    done += count;
  }
  return bytes;
}
