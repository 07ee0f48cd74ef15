/** A part of a file, from `start` up to and without `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The header and program headers of an ELF file have to end within so many bytes. */
export const ELF_HEAD_MAX = 64 * 1024;

const HEADER_SIZE = 64;
const PROGRAM_HEADER_SIZE = 56;
/** The first bytes of a 64-bit, little-endian file of ELF version 1. */
const IDENTITY = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1];
const MACHINE_X86_64 = 62;
const PT_LOAD = 1;
const PF_X = 1;

/**
 * Where the header and program headers of an x86-64 ELF file end, as far as its first bytes tell: undefined while `head` is
 * shorter than the header, 0 where this is no such file or they would not end within `ELF_HEAD_MAX`.
 */
export function elfHeadSize(head: Uint8Array): number | undefined {
  if (head.length < HEADER_SIZE) return undefined;
  if (IDENTITY.some((byte, i) => head[i] !== byte)) return 0;
  const view = viewOf(head);
  if (view.getUint16(18, true) !== MACHINE_X86_64 || view.getUint16(54, true) !== PROGRAM_HEADER_SIZE)
    return 0;
  const end = numberAt(view, 32) + PROGRAM_HEADER_SIZE * view.getUint16(56, true);
  return end <= ELF_HEAD_MAX ? Math.max(end, HEADER_SIZE) : 0;
}

/**
 * The parts of a file of `size` bytes that are loaded as code, sorted and apart from each other; none of them has a byte of
 * `head`, which is what `elfHeadSize` says, and may be hostile.
 */
export function codeRanges(head: Uint8Array, size: number): ByteRange[] {
  const view = viewOf(head);
  const first = numberAt(view, 32);
  const ranges: { start: number; end: number }[] = [];
  for (const found of loadedCode(view, first, view.getUint16(56, true))) {
    const start = Math.min(Math.max(found.start, head.length), size);
    const end = Math.min(found.end, size);
    if (start < end) ranges.push({ start, end });
  }
  ranges.sort((a, b) => a.start - b.start);
  return merge(ranges);
}

function* loadedCode(view: DataView, first: number, count: number): Generator<ByteRange> {
  for (let i = 0; i < count; i++) {
    const at = first + i * PROGRAM_HEADER_SIZE;
    if (view.getUint32(at, true) !== PT_LOAD || (view.getUint32(at + 4, true) & PF_X) === 0) continue;
    const start = numberAt(view, at + 8);
    yield { start, end: start + numberAt(view, at + 32) };
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

/** 64 bits as a number; what is too large to be exact is beyond the end of any file all the same. */
function numberAt(view: DataView, offset: number): number {
  return Number(view.getBigUint64(offset, true));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
