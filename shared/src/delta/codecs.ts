import { align } from './align/align.ts';
import type { DeltaCodec } from './codec.ts';
import { parseContainer } from './container.ts';
import { DeltaError } from './delta-error.ts';
import { inflatedOver } from './inflated/inflated.ts';
import { vcdiff } from './vcdiff/vcdiff.ts';
import { zstdPatch } from './zstd-patch/zstd-patch.ts';

/** Every codec that this version writes and reads. The next one is a file and a line here. */
export const CODECS: readonly DeltaCodec[] = [vcdiff, zstdPatch, align, inflatedOver([zstdPatch, align])];

/** @throws DeltaError `unknown-codec` */
export function codecOf(id: number): DeltaCodec {
  const codec = CODECS.find((one) => one.id === id);
  if (codec !== undefined) return codec;
  throw new DeltaError('unknown-codec', `the delta is made by codec ${id}, which this version does not know`);
}

/** Name of the codec that made a delta. @throws DeltaError `bad-delta`, `unknown-codec` */
export function codecNameOf(container: Uint8Array): string {
  return codecOf(parseContainer(container).codecId).name;
}
