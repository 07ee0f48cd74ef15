import type { DeltaCodec } from './codec.ts';
import { codecOf } from './codecs.ts';
import { formatContainer } from './container.ts';
import type { DeltaSource } from './delta-source.ts';
import { makesTarget } from './makes-target.ts';

/** Both blobs, and how a codec comes by its payload for them. */
export interface EncodingPair {
  readonly source: DeltaSource;
  readonly target: DeltaSource;
  encode(codec: DeltaCodec): Promise<Uint8Array | undefined>;
}

/**
 * The container of what `codec` makes of a pair, or undefined where it does not take the pair. A delta that a device could not
 * apply is never published: every payload is decoded once, by the codec that readers have under that number.
 * @throws DeltaError `worker-failed`; what the sources throw
 */
export async function provenDelta(codec: DeltaCodec, pair: EncodingPair): Promise<Uint8Array | undefined> {
  const payload = await pair.encode(codec);
  if (payload === undefined || !(await makesTarget(codecOf(codec.id), payload, pair))) return undefined;
  return formatContainer({ codecId: codec.id, payload });
}
