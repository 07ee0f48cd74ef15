import { VarintReader, VarintWriter } from '../../varint.ts';
import { formatCorrections, parseCorrections, type Reference } from './corrections.ts';
import { INFLATED_LIMITS } from './limits.ts';
import { packBytes, unpackBytes } from './pack-bytes.ts';
import type { PngChunks } from './png-chunks.ts';
import { NO_TRAILER, PNG_TRAILER, TRAILERS, type Trailer } from './trailer.ts';

/** A stream of the target, as it is put together again. */
export interface TargetStream {
  /** Bytes since the end of the stream before, its trailer and all around it included. */
  readonly gap: number;
  /** Bytes of its plain text. */
  readonly size: number;
  /** Number of the encoder profile. */
  readonly profile: number;
  readonly trailer: Trailer;
  /** With the trailer of an image only. */
  readonly chunks?: PngChunks;
  /** Empty where the profile says it all. */
  readonly correction: Uint8Array;
}

/** Which streams of source and target are open in their forms. */
export interface StreamList {
  /** For each stream of the source, the bytes since the end of the one before. */
  readonly source: readonly number[];
  readonly target: readonly TargetStream[];
  /** Bytes behind the last stream of the target. */
  readonly tail: number;
}

const NOTHING = new Uint8Array(0);
const GAP_MAX = 2 ** 42;
const CORRECTED = 1;
const TRAILER_SHIFT = 1;
const PROFILE_SHIFT = 3;

/** The list as a payload has it; `reference` is what the corrections may refer to. */
export function formatList({ source, target, tail }: StreamList, reference?: Reference): Uint8Array {
  const list = new VarintWriter();
  list.write(source.length);
  for (const gap of source) list.write(gap);
  list.write(target.length);
  for (const { gap } of target) list.write(gap);
  for (const { size } of target) list.write(size);
  for (const { profile, trailer, correction } of target)
    list.write(
      (profile << PROFILE_SHIFT) | (trailer << TRAILER_SHIFT) | (correction.length === 0 ? 0 : CORRECTED),
    );
  list.write(tail);
  for (const { chunks } of target) if (chunks !== undefined) writePngChunks(list, chunks);
  const corrections = target.map(({ correction }) => correction).filter(({ length }) => length > 0);
  for (const { length } of corrections) list.write(length);
  const packed = packBytes(list.take());
  if (corrections.length === 0) return packed;
  return Buffer.concat([packed, formatCorrections(Buffer.concat(corrections), reference)]);
}

/**
 * Reads a list from the start of a payload. `readReference` is asked where the corrections refer to those of the source, with its
 * list.
 * @throws RangeError, DeltaError `bad-delta` on any damage; what `readReference` throws
 */
export function parseList(
  payload: VarintReader,
  readReference: (source: readonly number[], profile: number) => Uint8Array = () => NOTHING,
): StreamList {
  const list = new VarintReader(unpackBytes(payload));
  const source = readMany(list, () => list.read(GAP_MAX));
  const gaps = readMany(list, () => list.read(GAP_MAX));
  const sizes = gaps.map(() => list.read(INFLATED_LIMITS.stream));
  const heads = gaps.map(() => list.read((INFLATED_LIMITS.profile + 1) << PROFILE_SHIFT));
  const tail = list.read(GAP_MAX);
  const chunks = heads.map((head) => (trailerIn(head) === PNG_TRAILER ? readPngChunks(list) : undefined));
  const lengths = heads.map((head) => (head & CORRECTED ? list.read(INFLATED_LIMITS.list) : 0));
  if (!list.isAtEnd) throw new RangeError('the list of streams has more than it says');
  const size = lengths.reduce((sum, length) => sum + length, 0);
  if (size > INFLATED_LIMITS.list) throw new RangeError('the corrections are too large');
  const isCorrected = heads.some((head) => head & CORRECTED);
  const all = isCorrected
    ? parseCorrections(payload, size, (profile) => readReference(source, profile))
    : NOTHING;
  const corrections = new VarintReader(all);
  const target = gaps.map((gap, index): TargetStream => {
    const head = heads[index] ?? 0;
    const cut = chunks[index];
    return {
      gap,
      size: sizes[index] ?? 0,
      profile: head >> PROFILE_SHIFT,
      trailer: trailerIn(head),
      correction: corrections.readBytes(lengths[index] ?? 0),
      ...(cut === undefined ? {} : { chunks: cut }),
    };
  });
  return { source, target, tail };
}

function trailerIn(head: number): Trailer {
  return TRAILERS[(head >> TRAILER_SHIFT) & 3] ?? NO_TRAILER;
}

function writePngChunks(list: VarintWriter, { header, size, total }: PngChunks): void {
  for (const number of [header, size, total]) list.write(number);
}

function readPngChunks(list: VarintReader): PngChunks {
  const header = list.read(0xffff);
  const size = list.read(INFLATED_LIMITS.packed);
  return { header, size, total: list.read(INFLATED_LIMITS.packed) };
}

function readMany(list: VarintReader, read: () => number): number[] {
  return Array.from({ length: list.read(INFLATED_LIMITS.streams) }, read);
}
