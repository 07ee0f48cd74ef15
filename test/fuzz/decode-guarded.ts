import type { DeltaCodec } from '@swupd/shared/delta';
import { DeltaError } from '../../shared/src/delta/delta-error.ts';
import { Finding } from './finding.ts';
import type { FuzzCase } from './fuzz-case.ts';
import { GuardedSource } from './guarded-source.ts';

/** A decoder gives chunks that are worth it: a stream of empty ones never ends. */
const CHUNKS_FREE = 1024;

/**
 * What `codec` makes of the case, or undefined where it refuses, or gives another size than the target's, which
 * `decodeDelta` refuses for it.
 * @throws Finding `too-much`, and those of `GuardedSource`
 */
export async function decodeGuarded(
  codec: Pick<DeltaCodec, 'decode'>,
  input: FuzzCase,
): Promise<Uint8Array | undefined> {
  const guarded = new GuardedSource(input);
  const made = await collectGuarded(codec.decode(guarded, input.payload, input.targetSize), input.targetSize);
  // Also where the decoder took the error for a damaged delta.
  if (guarded.fault !== undefined) throw guarded.fault;
  return made;
}

/** All of `chunks`, under the same rules. */
export async function collectGuarded(
  chunks: AsyncIterable<Uint8Array>,
  targetSize: number,
): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size > targetSize) throw new Finding('too-much', `more than ${targetSize} bytes`);
      // A chunk is good until the next one is asked for.
      parts.push(new Uint8Array(chunk));
      if (parts.length > CHUNKS_FREE + size) throw new Finding('too-much', `${parts.length} chunks`);
    }
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
  return size === targetSize ? Buffer.concat(parts) : undefined;
}

/** Whether an error is one that a decoder may answer hostile bytes with. */
export function isRefusal(error: unknown): boolean {
  return error instanceof DeltaError && (error.code === 'bad-delta' || error.code === 'unknown-codec');
}
