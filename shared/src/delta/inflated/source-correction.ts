import { PROFILES, readDeflate, takeApart, workMax } from '../../deflate/index.ts';
import { INFLATED_LIMITS } from './limits.ts';

const NOTHING = new Uint8Array(0);

/**
 * What a stream of the source adds to a reference: its correction by a profile; nothing where its text is too large, or where it
 * can't be taken apart.
 * @throws RangeError where there is no such profile, or where it takes more than `workShare` of what is allowed
 */
export function sourceCorrection(packed: Uint8Array, profileNumber: number, workShare: number): Uint8Array {
  const profile = PROFILES.get(profileNumber);
  if (profile === undefined) throw new RangeError('a reference is to an unknown profile');
  const stream = readDeflate(packed, 0, INFLATED_LIMITS.referenceStream);
  if (stream === undefined) return NOTHING;
  const { correction, work } = takeApart(stream, profile);
  if (work > workShare * workMax(stream.size)) throw new RangeError('a stream takes too long');
  return correction;
}
