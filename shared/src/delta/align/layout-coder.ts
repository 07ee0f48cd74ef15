import type { VarintWriter } from '../../varint.ts';
import { DeltaError } from '../delta-error.ts';
import type { ByteReader } from './byte-reader.ts';
import type { Sizes } from './copies/copy-coder.ts';
import type { Segment } from './references/address-space.ts';
import { type Layout, NO_LAYOUT } from './references/layout.ts';
import { type Column, DRIFTING, type Region } from './references/region.ts';

const WORD = 2 ** 32 - 1;
/** What a hostile delta may have a reader go through for each address. An honest program has fewer than ten. */
const SEGMENTS_MAX = 64;
const REGIONS_MAX = 256;
const COLUMNS_MAX = 16;
/** Kinds of regions by number; a table has its count of columns there. */
const X86 = 0;
const AARCH64 = COLUMNS_MAX + 1;

export function writeLayout(writer: VarintWriter, layout: Layout): void {
  writeSegments(writer, layout.source);
  if (layout.source.length === 0) return;
  writeSegments(writer, layout.target);
  writer.write(layout.regions.length);
  let end = 0;
  for (const region of layout.regions) {
    writer.write(region.start - end);
    writer.write(region.length);
    end = region.start + region.length;
    if (region.kind !== 'words') {
      writer.write(region.kind === 'x86' ? X86 : AARCH64);
      continue;
    }
    writer.write(region.columns.length);
    for (const column of region.columns) writer.write(column);
    writer.write(region.sourceBase >>> 0);
    writer.write(region.targetBase >>> 0);
  }
}

/** @throws DeltaError `bad-delta` */
export function readLayout(reader: ByteReader, sizes: Sizes): Layout {
  const source = readSegments(reader, sizes.source);
  if (source.length === 0) return NO_LAYOUT;
  const target = readSegments(reader, sizes.target);
  const regions: Region[] = [];
  let end = 0;
  for (let left = reader.number(REGIONS_MAX); left > 0; left -= 1) {
    const start = end + reader.number(sizes.source - end);
    const length = reader.number(sizes.source - start);
    if (length === 0) throw new DeltaError('bad-delta', 'a region of the delta is empty');
    end = start + length;
    regions.push({ start, length, ...readKind(reader) });
  }
  return { source, target, regions };
}

function readKind(reader: ByteReader): Pick<Region, 'kind' | 'columns' | 'sourceBase' | 'targetBase'> {
  const kind = reader.number(AARCH64);
  if (kind === X86) return { kind: 'x86', columns: [], sourceBase: 0, targetBase: 0 };
  if (kind === AARCH64) return { kind: 'aarch64', columns: [], sourceBase: 0, targetBase: 0 };
  const columns = Array.from({ length: kind }, () => reader.number(DRIFTING) as Column);
  return { kind: 'words', columns, sourceBase: reader.number(WORD) | 0, targetBase: reader.number(WORD) | 0 };
}

function writeSegments(writer: VarintWriter, segments: readonly Segment[]): void {
  writer.write(segments.length);
  for (const { offset, size, address, memory } of segments) {
    writer.write(offset);
    writer.write(size);
    writer.write(address >>> 0);
    writer.write(memory - size);
  }
}

function readSegments(reader: ByteReader, fileSize: number): Segment[] {
  return Array.from({ length: reader.number(SEGMENTS_MAX) }, () => {
    const offset = reader.number(fileSize);
    const size = reader.number(fileSize - offset);
    const address = reader.number(WORD) | 0;
    return { offset, size, address, memory: size + reader.number(WORD) };
  });
}
