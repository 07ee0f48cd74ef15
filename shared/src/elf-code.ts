import {
  ELF_HEADER_SIZE,
  isElf64,
  loadSegment,
  MACHINE_X86_64,
  machineOf,
  PROGRAM_HEADER_SIZE,
  programHeaders,
  viewOf,
} from './elf-header.ts';

/** A part of a file, from `start` up to and without `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The header and program headers of an ELF file have to end within so many bytes. */
export const ELF_HEAD_MAX = 64 * 1024;

/** e_ident[EI_VERSION] of every ELF file so far. */
const VERSION = 1;

/**
 * Where the header and program headers of an x86-64 ELF file end, as far as its first bytes tell: undefined while `head` is
 * shorter than the header, 0 where this is no such file or they would not end within `ELF_HEAD_MAX`.
 */
export function elfHeadSize(head: Uint8Array): number | undefined {
  if (head.length < ELF_HEADER_SIZE) return undefined;
  if (!isElf64(head) || head[6] !== VERSION) return 0;
  const view = viewOf(head);
  if (machineOf(view) !== MACHINE_X86_64 || view.getUint16(54, true) !== PROGRAM_HEADER_SIZE) return 0;
  const { start, count } = programHeaders(view);
  const end = start + PROGRAM_HEADER_SIZE * count;
  return end <= ELF_HEAD_MAX ? Math.max(end, ELF_HEADER_SIZE) : 0;
}

/**
 * The parts of a file of `size` bytes that are loaded as code, sorted and apart from each other; none of them has a byte of
 * `head`, which is what `elfHeadSize` says, and may be hostile.
 */
export function codeRanges(head: Uint8Array, size: number): ByteRange[] {
  const ranges: { start: number; end: number }[] = [];
  for (const found of loadedCode(viewOf(head))) {
    const start = Math.min(Math.max(found.start, head.length), size);
    const end = Math.min(found.end, size);
    if (start < end) ranges.push({ start, end });
  }
  ranges.sort((a, b) => a.start - b.start);
  return merge(ranges);
}

function* loadedCode(view: DataView): Generator<ByteRange> {
  const { start, count } = programHeaders(view);
  for (let i = 0; i < count; i++) {
    const load = loadSegment(view, start + i * PROGRAM_HEADER_SIZE);
    if (load?.executable) yield { start: load.offset, end: load.offset + load.size };
  }
}

function merge(sorted: readonly ByteRange[]): ByteRange[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of sorted) {
    const last = merged.at(-1);
    if (last === undefined || start > last.end) merged.push({ start, end });
    else last.end = Math.max(last.end, end);
  }
  return merged;
}
