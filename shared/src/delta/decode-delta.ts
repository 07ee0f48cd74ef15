import { codecOf } from './codecs.ts';
import { parseContainer } from './container.ts';
import { DeltaError } from './delta-error.ts';
import type { DeltaSource } from './delta-source.ts';

/**
 * The blob of `targetSize` bytes that `container` makes out of `source`, front to back in chunks: exactly as many bytes, or an
 * error at the end of fewer. A chunk is good until the next one is asked for. Both sizes come from something that is signed; the
 * container does not, so an attacker controls every byte of it: the caller checks the digest of what comes out before it gets a
 * name.
 * @throws DeltaError `bad-delta`, `unknown-codec`; what `source.read` throws
 */
export async function* decodeDelta(
  source: DeltaSource,
  container: Uint8Array,
  targetSize: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const delta = parseContainer(container);
  let size = 0;
  for await (const chunk of codecOf(delta.codecId).decode(source, delta.payload, targetSize)) {
    size += chunk.length;
    if (size > targetSize) throw new DeltaError('bad-delta', `the delta gives more than ${targetSize} bytes`);
    yield chunk;
  }
  if (size !== targetSize) {
    throw new DeltaError('bad-delta', `the delta gave ${size} bytes where ${targetSize} are wanted`);
  }
}
