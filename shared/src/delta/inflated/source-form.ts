import type { DeltaSource } from '../delta-source.ts';
import { type Inflated, inflate } from './inflate.ts';
import { INFLATED_LIMITS } from './limits.ts';
import { isChunk, type ReadBytes, readChunks, ZLIB_HEADER } from './png-chunks.ts';
import { sourceCorrection } from './source-correction.ts';
import { SourceWindow } from './source-window.ts';

/** A run of the form: bytes of the source itself, or the plain text of one of its streams. */
interface Part {
  readonly start: number;
  readonly length: number;
  readonly plain: Uint8Array | undefined;
  /** Where the run is in the source. */
  readonly from: number;
}

const FIRST_READ = 4096;
const READ_GROWTH = 4;

export interface OpenSource {
  /** The source with the plain texts of some of its streams in their places. Holds these, and of the rest nothing. */
  readonly form: DeltaSource;
  /** The corrections of these streams by the profile that was asked for. */
  readonly corrections: Uint8Array;
}

/**
 * Opens streams of a source. `gaps` says which: the bytes since the end of the one before, for each.
 * @param reference number of the profile for the corrections
 * @throws RangeError where there is no such stream or profile, or where the limits are too narrow; what `source.read` throws
 */
export function openSource(source: DeltaSource, gaps: readonly number[], reference?: number): OpenSource {
  const parts: Part[] = [];
  const corrections: Uint8Array[] = [];
  const window = new SourceWindow(source);
  let from = 0;
  let start = 0;
  let plainLeft: number = INFLATED_LIMITS.source;
  for (const gap of gaps) {
    if (from + gap > source.size) throw new RangeError('a stream starts behind the source');
    const sizeMax = Math.min(plainLeft, INFLATED_LIMITS.stream);
    const { plain, length, packed } = openAt(window, from + gap, sizeMax);
    if (reference !== undefined) corrections.push(sourceCorrection(packed, reference, 1));
    parts.push({ start, length: gap, plain: undefined, from });
    parts.push({ start: start + gap, length: plain.length, plain, from: from + gap });
    from += gap + length;
    start += gap + plain.length;
    plainLeft -= plain.length;
  }
  parts.push({ start, length: source.size - from, plain: undefined, from });
  const size = start + source.size - from;
  const read: DeltaSource['read'] = (buffer, position) => readPart(source, parts, buffer, position);
  return { form: { size, read }, corrections: Buffer.concat(corrections) };
}

interface OpenStream extends Inflated {
  /** The stream without what it is cut into; may have more behind it, and is good until the next one is opened. */
  readonly packed: Uint8Array;
}

/** The chunks of an image, or a stream. */
function openAt(window: SourceWindow, start: number, sizeMax: number): OpenStream {
  const read: ReadBytes = (from, length) => window.from(from, length).subarray(0, length);
  if (!isChunk(read, start)) return inflateAt(window, start, sizeMax);
  const image = readChunks(read, start);
  const packed = image?.data.subarray(ZLIB_HEADER) ?? new Uint8Array(0);
  const inflated = inflate(packed, sizeMax);
  if (image === undefined || inflated === undefined) throw new RangeError('the source has no such image');
  return { plain: inflated.plain, length: image.length, packed };
}

/** Reads as much as it takes to come to the end of the stream. */
function inflateAt(window: SourceWindow, start: number, sizeMax: number): OpenStream {
  for (let length = FIRST_READ; ; length = READ_GROWTH * length) {
    const bytes = window.from(start, Math.min(length, INFLATED_LIMITS.packed));
    const inflated = inflate(bytes.subarray(0, INFLATED_LIMITS.packed), sizeMax);
    if (inflated !== undefined) return { ...inflated, packed: bytes };
    if (bytes.length < length) throw new RangeError('the source has no such stream');
  }
}

function readPart(source: DeltaSource, parts: readonly Part[], buffer: Uint8Array, position: number): number {
  const part = parts[indexAt(parts, position)];
  if (part === undefined) return 0;
  const offset = position - part.start;
  const length = Math.min(buffer.length, part.length - offset);
  if (length <= 0) return 0;
  if (part.plain === undefined) return source.read(buffer.subarray(0, length), part.from + offset);
  buffer.set(part.plain.subarray(offset, offset + length));
  return length;
}

/** The last part that starts at or before the position. */
function indexAt(parts: readonly Part[], position: number): number {
  let low = 0;
  let high = parts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((parts[middle]?.start ?? 0) <= position) low = middle;
    else high = middle;
  }
  return low;
}
