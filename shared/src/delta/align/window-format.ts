import type { VarintWriter } from '../../varint.ts';
import { DeltaError } from '../delta-error.ts';
import type { ByteReader } from './byte-reader.ts';
import type { Sizes } from './copies/copy-coder.ts';
import { COPIES_MAX } from './copies/copy-list.ts';
import { readLayout, writeLayout } from './layout-coder.ts';
import type { Layout } from './references/layout.ts';

/** A part of the target and the part of the source that it is made of. */
export interface WindowHeader extends Sizes {
  /** Where the part of the source starts. */
  readonly start: number;
}

/** What a window is made of. */
export interface WindowBody {
  readonly layout: Layout;
  readonly copies: number;
  /** Copies and references, one stream of the range coder. */
  readonly structure: Uint8Array;
  /** Differences, another one. */
  readonly differences: Uint8Array;
}

/** Bytes that a window makes at least, unless it is the last: else a small payload would have tables made again and again. */
const WINDOW_MIN = 2 ** 24;

/** In place of a size: the window is the whole target out of the whole source. */
const WHOLE = 0;

/** Writes a window but for its literals, which follow. `whole`: there is no other. */
export function writeWindow(
  writer: VarintWriter,
  { start, source, target, whole }: WindowHeader & { readonly whole: boolean },
  body: WindowBody,
): void {
  if (whole) writer.write(WHOLE);
  else for (const number of [target, start, source]) writer.write(number);
  writeLayout(writer, body.layout);
  for (const number of [body.copies, body.structure.length, body.differences.length]) writer.write(number);
  writer.writeBytes(body.structure);
  writer.writeBytes(body.differences);
}

/** @throws DeltaError `bad-delta` */
export function readWindow(reader: ByteReader, file: Sizes, max: number): WindowHeader & WindowBody {
  const { target, start, source } = readHeader(reader, file, max);
  const layout = readLayout(reader, { source, target });
  const copies = reader.number(Math.min(target, COPIES_MAX));
  const structure = reader.number(reader.left);
  const differences = reader.number(reader.left);
  return {
    target,
    start,
    source,
    layout,
    copies,
    structure: reader.bytes(structure),
    differences: reader.bytes(differences),
  };
}

function readHeader(reader: ByteReader, file: Sizes, max: number): WindowHeader {
  const size = reader.number(Math.min(file.target, max));
  if (size === WHOLE && file.target <= max && file.source <= 2 * max) return { ...file, start: 0 };
  if (size === WHOLE)
    throw new DeltaError('bad-delta', 'the delta takes files for one window that are larger than it');
  if (size < Math.min(file.target, WINDOW_MIN))
    throw new DeltaError('bad-delta', 'a window of the delta makes too little');
  const start = reader.number(file.source);
  return { target: size, start, source: reader.number(Math.min(file.source - start, 2 * max)) };
}
