import { chooseProfile, readDeflate, workMax } from '../../deflate/index.ts';
import { closeStream } from './close-stream.ts';
import type { FoundStream } from './find-streams.ts';
import { INFLATED_LIMITS } from './limits.ts';
import type { TargetStream } from './stream-list.ts';

/** A form, and what its streams are. */
export interface OpenTarget {
  readonly form: Uint8Array;
  readonly streams: readonly TargetStream[];
  readonly tail: number;
  /** Bytes of the target that are opened. */
  readonly packedSize: number;
}

/** A correction that takes a larger share of its stream than this is not worth it. */
const CORRECTION_SHARE = 0.5;
/** Of the work that a reader allows; its search may look at more than this one. */
export const WORK_SHARE = 0.75;

/**
 * The form of `target`: its streams that can be put together again are their plain texts, their trailers are left out. A stream
 * that can't, or would take too long, stays as it is.
 */
export function openTarget(target: Uint8Array, found: readonly FoundStream[]): OpenTarget {
  const parts: Uint8Array[] = [];
  const streams: TargetStream[] = [];
  let done = 0;
  let packedSize = 0;
  for (const item of found) {
    const stream = takeStreamApart(target, item, item.start - done);
    if (stream === undefined) continue;
    parts.push(target.subarray(done, item.start), item.plain);
    streams.push(stream);
    packedSize += item.packed.length;
    done = item.wholeEnd;
  }
  parts.push(target.subarray(done));
  return { form: Buffer.concat(parts), streams, tail: target.length - done, packedSize };
}

/** Undefined where the stream does not come out again bit for bit. */
function takeStreamApart(target: Uint8Array, found: FoundStream, gap: number): TargetStream | undefined {
  const apart = readDeflate(found.packed, 0, INFLATED_LIMITS.stream);
  if (apart === undefined) return undefined;
  const choice = chooseProfile(apart);
  if (choice === undefined || choice.work > WORK_SHARE * workMax(apart.size)) return undefined;
  const { profile, correction } = choice;
  if (correction.length > CORRECTION_SHARE * found.packed.length) return undefined;
  const { trailer, chunks } = found;
  const stream = {
    gap,
    size: apart.size,
    profile,
    trailer,
    correction,
    ...(chunks === undefined ? {} : { chunks }),
  };
  const again = Buffer.concat([...closeStream(apart.plain, stream)]);
  return again.equals(target.subarray(found.start, found.wholeEnd)) ? stream : undefined;
}
