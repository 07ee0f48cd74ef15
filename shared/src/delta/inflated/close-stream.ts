import { PROFILES, putTogether } from '../../deflate/index.ts';
import { writeChunks } from './png-chunks.ts';
import type { TargetStream } from './stream-list.ts';
import { trailerOf } from './trailer.ts';

/**
 * A stream of the target with all around it that its plain text says: its trailer, or the chunks that it is cut into. `plain` has
 * padding behind the text, which is overwritten.
 * @throws RangeError where the correction is damaged, or takes too long
 */
export function* closeStream(plain: Uint8Array, stream: TargetStream): Generator<Uint8Array> {
  const { chunks } = stream;
  if (chunks === undefined) yield* withTrailer(plain, stream);
  else yield* writeChunks(withTrailer(plain, stream), chunks);
}

function* withTrailer(plain: Uint8Array, stream: TargetStream): Generator<Uint8Array> {
  const profile = PROFILES.get(stream.profile);
  if (profile === undefined) throw new RangeError('a stream has an unknown profile');
  const { size, correction, trailer } = stream;
  yield* putTogether({ plain, size, profile, correction });
  yield trailerOf(plain.subarray(0, size), trailer);
}
