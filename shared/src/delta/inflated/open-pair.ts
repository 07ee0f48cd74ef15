import { crc32 } from 'node:zlib';
import type { Reference } from './corrections.ts';
import { type FoundStream, findStreams } from './find-streams.ts';
import { INFLATED_LIMITS } from './limits.ts';
import { openTarget, WORK_SHARE } from './open-target.ts';
import { sourceCorrection } from './source-correction.ts';
import type { StreamList, TargetStream } from './stream-list.ts';

export interface OpenPair {
  readonly source: Uint8Array;
  readonly target: Uint8Array;
  readonly list: StreamList;
  /** What the corrections may refer to. */
  readonly reference: Reference | undefined;
}

/** A smaller correction is not worth the time that it takes a reader to make those of the source. */
const WORTH_REFERRING = 64;
/** Where streams are a smaller share of the target, they don't pay for a second delta of the rest. */
const WORTH_SHARE = 1 / 64;

/**
 * The forms of both files, or undefined where no stream of the target is opened, or too few. A stream that both have stays as it
 * is, on both sides.
 */
export function openPair(source: Uint8Array, target: Uint8Array): OpenPair | undefined {
  const targetStreams = findStreams(target, INFLATED_LIMITS.target);
  const packedMax = targetStreams.reduce((sum, { packed }) => sum + packed.length, 0);
  if (packedMax === 0 || packedMax < WORTH_SHARE * target.length) return undefined;
  const sourceStreams = findStreams(source, INFLATED_LIMITS.source);
  const opened = openTarget(target, without(targetStreams, target, keysOf(sourceStreams, source)));
  if (opened.packedSize === 0 || opened.packedSize < WORTH_SHARE * target.length) return undefined;
  const others = without(sourceStreams, source, keysOf(targetStreams, target));
  const form = openSourceStreams(source, others);
  const list = { source: form.gaps, target: opened.streams, tail: opened.tail };
  return { source: form.bytes, target: opened.form, list, reference: referenceFor(opened.streams, others) };
}

function openSourceStreams(
  source: Uint8Array,
  found: readonly FoundStream[],
): { bytes: Uint8Array; gaps: number[] } {
  const parts: Uint8Array[] = [];
  const gaps: number[] = [];
  let done = 0;
  for (const { start, end, plain } of found) {
    parts.push(source.subarray(done, start), plain);
    gaps.push(start - done);
    done = end;
  }
  parts.push(source.subarray(done));
  return { bytes: Buffer.concat(parts), gaps };
}

/** The corrections of the source's streams by the profile of the largest correction; undefined where that takes too long. */
function referenceFor(
  target: readonly TargetStream[],
  source: readonly FoundStream[],
): Reference | undefined {
  const [largest] = target.toSorted((a, b) => b.correction.length - a.correction.length);
  if (largest === undefined || largest.correction.length < WORTH_REFERRING) return undefined;
  const { profile } = largest;
  try {
    const corrections = source.map(({ packed }) => sourceCorrection(packed, profile, WORK_SHARE));
    return { profile, corrections: Buffer.concat(corrections) };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function without(
  streams: readonly FoundStream[],
  bytes: Uint8Array,
  keys: ReadonlySet<string>,
): readonly FoundStream[] {
  return streams.filter((stream) => !keys.has(keyOf(stream, bytes)));
}

function keysOf(streams: readonly FoundStream[], bytes: Uint8Array): Set<string> {
  return new Set(streams.map((stream) => keyOf(stream, bytes)));
}

/** The same for equal streams; two others that have it too stay closed, which costs bytes and does no harm. */
function keyOf({ start, wholeEnd }: FoundStream, bytes: Uint8Array): string {
  return `${wholeEnd - start} ${crc32(bytes.subarray(start, wholeEnd))}`;
}
