import { type ByteRange, codeRanges, elfHeadSize } from './elf-code.ts';
import { LONGEST_INSTRUCTION, makeAbsolute, makeRelative } from './x86-code.ts';

/** Addresses have to fit into an operand with a sign. */
const SIZE_MAX = 2 ** 31 - 1;
const NOTHING = new Uint8Array(0);

/**
 * A copy of `bytes`, of the same length, in which the relative addresses in x86-64 machine code are absolute: all that refers
 * to one place looks alike, and compresses better. Undefined where this is no program that can be filtered.
 * `manifests/spec/x86-filter.md`.
 */
export function filterX86(bytes: Uint8Array): Uint8Array | undefined {
  const ranges = bytes.length > SIZE_MAX ? [] : (readRanges(bytes, bytes.length) ?? []);
  if (ranges.length === 0) return undefined;
  const part = { bytes: new Uint8Array(bytes), base: 0, size: bytes.length };
  for (const { start, end } of ranges) makeAbsolute(part, { start, stop: end, end });
  return part.bytes;
}

/**
 * Takes the filter from a program of `size` bytes that comes in chunks of any size. Holds its first 64 KiB at most, and later
 * a few bytes. What comes may be hostile: then the result has another digest, or `isRejected` is set.
 */
export class X86Unfilter {
  readonly #size: number;
  #ranges: readonly ByteRange[] | undefined;
  /** What has come and is not given out yet, and where in the file it starts. */
  #rest: Uint8Array = NOTHING;
  #offset = 0;

  constructor(size: number) {
    this.#size = size;
    if (size > SIZE_MAX) this.#ranges = [];
  }

  /** Whether the bytes are nothing that `filterX86` gives. From then on nothing comes out. */
  get isRejected(): boolean {
    return this.#ranges?.length === 0;
  }

  /** Takes the next bytes, and gives those that are settled, in memory of its own: more than came, or fewer, or none. */
  push(chunk: Uint8Array): Uint8Array {
    if (this.isRejected) return NOTHING;
    const bytes = join(this.#rest, chunk);
    this.#ranges ??= readRanges(bytes, this.#size);
    const settled = this.#ranges === undefined || this.isRejected ? 0 : this.#convert(bytes, this.#ranges);
    this.#rest = this.isRejected ? NOTHING : bytes.slice(settled);
    this.#offset += settled;
    return bytes.subarray(0, settled);
  }

  /** Gives what is left when everything has come. */
  finish(): Uint8Array {
    this.#ranges ??= [];
    return this.isRejected ? NOTHING : this.#rest;
  }

  /** Converts `bytes` in place, as far as its instructions are there as a whole; gives how many bytes are settled. */
  #convert(bytes: Uint8Array, ranges: readonly ByteRange[]): number {
    const part = { bytes, base: this.#offset, size: this.#size };
    const known = part.base + bytes.length;
    for (const range of ranges) {
      if (range.end <= part.base) continue;
      if (range.start >= known) break;
      const isWhole = range.end <= known;
      const start = Math.max(range.start, part.base);
      const stop = isWhole ? range.end : known - LONGEST_INSTRUCTION + 1;
      const settled = makeRelative(part, { start, stop, end: range.end });
      if (!isWhole) return settled - part.base;
    }
    return bytes.length;
  }
}

/** The code of a file of `size` bytes; undefined while `bytes`, its first ones, do not tell. Empty where it is no program. */
function readRanges(bytes: Uint8Array, size: number): readonly ByteRange[] | undefined {
  const headSize = elfHeadSize(bytes);
  if (headSize === undefined || headSize > bytes.length) return undefined;
  return headSize === 0 ? [] : codeRanges(bytes.subarray(0, headSize), size);
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
