import type { DeltaCodec } from './codec.ts';
import { vcdiff } from './vcdiff.ts';
import { zstdPatch } from './zstd-patch.ts';

/** Every codec that this version writes and reads. The next one is a file and a line here. */
export const CODECS: readonly DeltaCodec[] = [vcdiff, zstdPatch];
