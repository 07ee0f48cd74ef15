import { compress } from '../compression.ts';
import type { DeltaCodec } from './codec.ts';
import { CODECS } from './codecs.ts';
import { formatContainer } from './container.ts';
import { DeltaError } from './delta-error.ts';
import { bytesSource } from './delta-source.ts';

export interface EncodedDelta {
  /** The delta: header and payload, `manifests/spec/delta.md`. */
  readonly container: Uint8Array;
  /** The same as the repository stores it: of the container's size where it is not compressed, otherwise one zstd frame. */
  readonly stored: Uint8Array;
  /** Name of the codec that made it. */
  readonly codec: string;
}

/**
 * The delta that makes `target` out of `source` and takes the fewest bytes after compression at zstd `level`, or undefined
 * where no codec takes the pair. Deterministic. Whether it is worth keeping beside the fullfile is the caller's decision.
 * @throws DeltaError `worker-failed`
 */
export async function encodeDelta(
  source: Uint8Array,
  target: Uint8Array,
  level: number,
): Promise<EncodedDelta | undefined> {
  let smallest: EncodedDelta | undefined;
  for (const codec of CODECS) {
    if (codec.estimate(source.length, target.length) > budgetFor(target.length)) continue;
    const payload = await codec.encode(source, target);
    if (payload === undefined || !(await makes(codec, source, payload, target))) continue;
    const container = formatContainer({ codecId: codec.id, targetSize: target.length, payload });
    const stored = codec.compressed ? container : compress(container, level).bytes;
    if (smallest === undefined || stored.length < smallest.stored.length)
      smallest = { container, stored, codec: codec.name };
  }
  return smallest;
}

/** Seconds that a codec may take for a pair: a large source for a small target is not worth its time. */
function budgetFor(targetSize: number): number {
  return 0.5 + (0.5 * targetSize) / (1024 * 1024);
}

/** A delta that a device could not apply is never published: every payload is decoded once before it is kept. */
async function makes(
  codec: DeltaCodec,
  source: Uint8Array,
  payload: Uint8Array,
  target: Uint8Array,
): Promise<boolean> {
  let size = 0;
  try {
    for await (const chunk of codec.decode(bytesSource(source), payload, target.length)) {
      if (Buffer.compare(chunk, target.subarray(size, size + chunk.length)) !== 0) return false;
      size += chunk.length;
    }
    return size === target.length;
  } catch (error) {
    if (error instanceof DeltaError && error.code === 'bad-delta') return false;
    throw error;
  }
}
