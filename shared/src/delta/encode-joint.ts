import type { DeltaCodec } from './codec.ts';
import { bytesSource } from './delta-source.ts';
import type { EncodedDelta } from './encode-delta.ts';
import { inflatedOver } from './inflated/inflated.ts';
import { provenDelta } from './proven-delta.ts';
import { PATCH_LAYOUT, zstdPatchOf } from './zstd-patch/zstd-patch.ts';

const MIB = 1024 * 1024;

/** One piece with all of the source, and the most that can be tried: files of a joint delta are alike across both sides. */
const WHOLE: DeltaCodec = zstdPatchOf({
  ...PATCH_LAYOUT,
  size: 16 * MIB,
  margin: 16 * MIB,
  thoroughMax: 16 * MIB,
});

/** What is tried. The payloads are those of codecs that every reader has; the others find less among many files. */
const TRIED: readonly DeltaCodec[] = [WHOLE, inflatedOver([WHOLE])];

/** A delta between many small files; containers of these codecs are stored as they are. */
export type EncodedJoint = Pick<EncodedDelta, 'container' | 'codec'>;

/**
 * The smallest delta between many old files and many new ones, each side one behind the other and at most 8 MiB: zstd with all of
 * the source at hand (0.4 s a MiB), also behind a look through deflate. Undefined where no codec takes the pair. Deterministic.
 */
export async function encodeJoint(source: Uint8Array, target: Uint8Array): Promise<EncodedJoint | undefined> {
  const sides = { source: bytesSource(source), target: bytesSource(target) };
  let smallest: EncodedJoint | undefined;
  for (const codec of TRIED) {
    const container = await provenDelta(codec, { ...sides, encode: (one) => one.encode(source, target) });
    if (container === undefined) continue;
    if (smallest === undefined || container.length < smallest.container.length)
      smallest = { container, codec: codec.name };
  }
  return smallest;
}

/** Bytes that it takes to make a joint delta, beside both sides. */
export function jointMemory(sourceSize: number, targetSize: number): number {
  return Math.max(...TRIED.map((codec) => codec.estimate(sourceSize, targetSize)?.memory ?? 0));
}
