/** Bytes of the longest instruction that is converted, up to the end of its operand. */
export const LONGEST_INSTRUCTION = 7;
const OPERAND_SIZE = 4;

/** Consecutive bytes of a program. */
export interface CodePart {
  readonly bytes: Uint8Array;
  /** Where in the file they start. */
  readonly base: number;
  /** Bytes of the whole file, below 2^31. */
  readonly size: number;
}

/** Offsets in the file. Instructions that start before `stop` and have their operand before `end` are converted. */
export interface CodeSpan {
  readonly start: number;
  readonly stop: number;
  readonly end: number;
}

/** Makes relative operands absolute, in place; gives where it has stopped, which may be behind `stop`. */
export function makeAbsolute(part: CodePart, span: CodeSpan): number {
  const view = viewOf(part.bytes);
  return eachOperand(part, span, (at, position) => {
    const value = view.getInt32(at, true);
    view.setInt32(at, absoluteOf(value, position, part.size), false);
  });
}

/** The inverse of `makeAbsolute`. */
export function makeRelative(part: CodePart, span: CodeSpan): number {
  const view = viewOf(part.bytes);
  return eachOperand(part, span, (at, position) => {
    const value = view.getInt32(at, false);
    view.setInt32(at, relativeOf(value, position, part.size), true);
  });
}

/** `value` counts from `position`, the offset behind the operand. Maps [-position, size) onto itself, as its inverse does. */
function absoluteOf(value: number, position: number, size: number): number {
  if (value < -position || value >= size) return value;
  return value < size - position ? value + position : value - size;
}

function relativeOf(value: number, position: number, size: number): number {
  if (value < -position || value >= size) return value;
  return value >= 0 ? value - position : value + size;
}

/**
 * Calls `replace` with the index of each operand and the offset in the file behind it. Both directions walk in step: opcodes
 * are never changed, operands are stepped over, and no byte that tells an opcode can lie in the operand of a later one.
 */
function eachOperand(
  { bytes, base }: CodePart,
  { start, stop, end }: CodeSpan,
  replace: (at: number, position: number) => void,
): number {
  const last = stop - base;
  let i = start - base;
  while (i < last) {
    const opcode = opcodeSize(bytes, i);
    const next = i + opcode + OPERAND_SIZE;
    if (opcode === 0 || base + next > end) {
      i++;
    } else {
      replace(i + opcode, base + next);
      i = next;
    }
  }
  return base + i;
}

/** Bytes before the 32-bit relative operand of the instruction at `i`, or 0 where none is known there. */
function opcodeSize(bytes: Uint8Array, i: number): number {
  const first = bytes[i] ?? 0;
  if (STARTS[first] === 0) return 0;
  if (isCall(first)) return 1;
  const second = bytes[i + 1] ?? 0;
  if (first === 0x0f) return (second & 0xf0) === 0x80 ? 2 : 0;
  if (first === 0xff) return second === 0x15 || second === 0x25 ? 2 : 0;
  // ModRM with mode 0 and register 5: the operand is relative to the instruction pointer.
  return ((bytes[i + 2] ?? 0) & 0xc7) === 5 && !isCall(second) ? 3 : 0;
}

function isCall(byte: number): boolean {
  return byte === 0xe8 || byte === 0xe9;
}

/** 1 for bytes that an instruction with a convertible operand may start with. */
const STARTS = Uint8Array.from({ length: 256 }, (_, byte) =>
  [0xe8, 0xe9, 0x0f, 0xff, 0x48, 0x4c].includes(byte) ? 1 : 0,
);

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
