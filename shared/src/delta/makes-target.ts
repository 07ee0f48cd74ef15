import type { DeltaCodec } from './codec.ts';
import { DeltaError } from './delta-error.ts';
import { type DeltaSource, readSource } from './delta-source.ts';

/**
 * Whether `payload` makes exactly the target out of the source, as a device would do it.
 * @throws what the sources throw
 */
export async function makesTarget(
  codec: DeltaCodec,
  payload: Uint8Array,
  { source, target }: { readonly source: DeltaSource; readonly target: DeltaSource },
): Promise<boolean> {
  let size = 0;
  try {
    for await (const chunk of codec.decode(source, payload, target.size)) {
      if (!isAt(target, size, chunk)) return false;
      size += chunk.length;
    }
    return size === target.size;
  } catch (error) {
    if (error instanceof DeltaError && error.code === 'bad-delta') return false;
    throw error;
  }
}

/** Compared in parts, so that no second copy of a large chunk is held. */
function isAt(target: DeltaSource, position: number, chunk: Uint8Array): boolean {
  if (position + chunk.length > target.size) return false;
  for (let done = 0; done < chunk.length; done += PART) {
    const part = chunk.subarray(done, done + PART);
    if (Buffer.compare(part, readSource(target, position + done, part.length)) !== 0) return false;
  }
  return true;
}

const PART = 256 * 1024;
