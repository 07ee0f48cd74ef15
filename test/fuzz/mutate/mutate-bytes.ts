import type { Random } from '../random.ts';
import { numberBytes } from './number-bytes.ts';

/** What a change may use beside the bytes: others to take parts from, and numbers that mean something to the decoder. */
export interface MutationContext {
  readonly other: Uint8Array;
  readonly numbers: readonly number[];
}

type Change = (bytes: Uint8Array, random: Random, context: MutationContext) => Uint8Array;

/** A copy of `bytes` with one change; at most `limit` bytes. */
export function mutateBytes(
  bytes: Uint8Array,
  limit: number,
  { random, ...context }: MutationContext & { readonly random: Random },
): Uint8Array {
  const changed = random.pick(bytes.length === 0 ? [insert] : CHANGES)(bytes, random, context);
  return changed.length > limit ? changed.subarray(0, limit) : changed;
}

const CHANGES: readonly Change[] = [
  flipBit,
  flipBit,
  setByte,
  addToByte,
  addToByte,
  overwriteNumber,
  overwriteNumber,
  replaceByNumber,
  remove,
  insert,
  repeat,
  move,
  swap,
  fill,
  truncate,
  splice,
];

function flipBit(bytes: Uint8Array, random: Random): Uint8Array {
  const bit = random.below(bytes.length * 8);
  return withByte(bytes, bit >> 3, (byte) => byte ^ (1 << (bit & 7)));
}

function setByte(bytes: Uint8Array, random: Random): Uint8Array {
  const value = random.oneIn(2) ? random.below(256) : random.pick([0, 1, 0x7f, 0x80, 0xff]);
  return withByte(bytes, random.below(bytes.length), () => value);
}

function addToByte(bytes: Uint8Array, random: Random): Uint8Array {
  const step = 1 + random.below(random.oneIn(2) ? 2 : 32);
  const sign = random.oneIn(2) ? 1 : -1;
  return withByte(bytes, random.below(bytes.length), (byte) => byte + sign * step);
}

function overwriteNumber(bytes: Uint8Array, random: Random, { numbers }: MutationContext): Uint8Array {
  const number = numberBytes(random, numbers);
  const changed = new Uint8Array(bytes);
  const at = random.below(Math.max(1, bytes.length - number.length + 1));
  changed.set(number.subarray(0, bytes.length - at), at);
  return changed;
}

/** For numbers of varying length: the new one takes the place of some bytes. */
function replaceByNumber(bytes: Uint8Array, random: Random, { numbers }: MutationContext): Uint8Array {
  const at = random.below(bytes.length);
  return joined(bytes.subarray(0, at), numberBytes(random, numbers), bytes.subarray(at + random.below(5)));
}

function remove(bytes: Uint8Array, random: Random): Uint8Array {
  const { start, end } = rangeOf(bytes, random);
  return joined(bytes.subarray(0, start), bytes.subarray(end));
}

function insert(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1);
  const same = random.oneIn(2) ? random.below(256) : undefined;
  const added = Uint8Array.from({ length: random.length(64) }, () => same ?? random.below(256));
  return joined(bytes.subarray(0, at), added, bytes.subarray(at));
}

function repeat(bytes: Uint8Array, random: Random): Uint8Array {
  const { start, end } = rangeOf(bytes, random);
  const part = bytes.subarray(start, end);
  const times = 1 + random.below(random.oneIn(8) ? 64 : 2);
  return joined(bytes.subarray(0, end), ...Array<Uint8Array>(times).fill(part), bytes.subarray(end));
}

function move(bytes: Uint8Array, random: Random): Uint8Array {
  const { start, end } = rangeOf(bytes, random);
  const changed = new Uint8Array(bytes);
  const to = random.below(bytes.length);
  changed.set(bytes.subarray(start, Math.min(end, start + bytes.length - to)), to);
  return changed;
}

function swap(bytes: Uint8Array, random: Random): Uint8Array {
  const first = rangeOf(bytes, random);
  const second = rangeOf(bytes, random);
  const [low, high] = first.start <= second.start ? [first, second] : [second, first];
  if (low.end > high.start) return flipBit(bytes, random);
  return joined(
    bytes.subarray(0, low.start),
    bytes.subarray(high.start, high.end),
    bytes.subarray(low.end, high.start),
    bytes.subarray(low.start, low.end),
    bytes.subarray(high.end),
  );
}

function fill(bytes: Uint8Array, random: Random): Uint8Array {
  const { start, end } = rangeOf(bytes, random);
  return new Uint8Array(bytes).fill(random.pick([0, 0xff, random.below(256)]), start, end);
}

function truncate(bytes: Uint8Array, random: Random): Uint8Array {
  return bytes.subarray(0, random.below(bytes.length));
}

/** The start of one and the rest of another. */
function splice(bytes: Uint8Array, random: Random, { other }: MutationContext): Uint8Array {
  const { start, end } = rangeOf(bytes, random);
  const from = random.below(other.length);
  const part = random.oneIn(2) ? other.subarray(from) : other.subarray(from, from + end - start);
  return joined(bytes.subarray(0, start), part, random.oneIn(2) ? bytes.subarray(end) : new Uint8Array(0));
}

function rangeOf(bytes: Uint8Array, random: Random): { readonly start: number; readonly end: number } {
  const start = random.below(bytes.length);
  return { start, end: start + random.length(bytes.length - start) };
}

function withByte(bytes: Uint8Array, at: number, change: (byte: number) => number): Uint8Array {
  const changed = new Uint8Array(bytes);
  changed[at] = change(changed[at] ?? 0);
  return changed;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
