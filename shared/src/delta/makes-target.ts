import type { DeltaCodec } from './codec.ts';
import { DeltaError } from './delta-error.ts';
import type { DeltaSource } from './delta-source.ts';

/**
 * Whether `payload` makes exactly the target out of the source, as a device would do it.
 * @throws what the sources throw
 */
export async function makesTarget(
  codec: DeltaCodec,
  payload: Uint8Array,
  { source, target }: { readonly source: DeltaSource; readonly target: DeltaSource },
): Promise<boolean> {
  const part = new Uint8Array(Math.min(PART, target.size));
  let size = 0;
  try {
    for await (const chunk of codec.decode(source, payload, target.size)) {
      if (!isAt(target, size, chunk, part)) return false;
      size += chunk.length;
    }
    return size === target.size;
  } catch (error) {
    if (error instanceof DeltaError && error.code === 'bad-delta') return false;
    throw error;
  }
}

/** Compared part by part, all read into the same buffer: copies of a large target would wait for the garbage collector. */
function isAt(target: DeltaSource, position: number, chunk: Uint8Array, buffer: Uint8Array): boolean {
  if (position + chunk.length > target.size) return false;
  for (let done = 0; done < chunk.length; ) {
    const part = buffer.subarray(0, chunk.length - done);
    const count = target.read(part, position + done);
    if (count === 0 || Buffer.compare(part.subarray(0, count), chunk.subarray(done, done + count)) !== 0)
      return false;
    done += count;
  }
  return true;
}

const PART = 256 * 1024;
