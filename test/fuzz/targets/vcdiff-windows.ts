import type { FuzzCase } from '../fuzz-case.ts';
import type { Random } from '../random.ts';

/** Magic number and header indicator, RFC 3284, 4.1. */
const HEADER_SIZE = 5;
const SOURCE_FLAG = 1;

/**
 * A window of its own with all lengths right, so that instructions are what goes wrong: in the place of all windows, or behind
 * them. RFC 3284, 4.2.
 */
export function editWindow(input: FuzzCase, random: Random): FuzzCase | undefined {
  if (input.payload.length < HEADER_SIZE) return undefined;
  const start = random.oneIn(2) ? HEADER_SIZE : input.payload.length;
  const made = random.oneIn(4) ? random.below(4096) : random.below(64);
  const payload = Buffer.concat([input.payload.subarray(0, start), windowOf(input, random, made)]);
  return { ...input, payload, targetSize: start === HEADER_SIZE ? made : input.targetSize + made };
}

function windowOf({ source }: FuzzCase, random: Random, made: number): Buffer {
  const flag = random.pick([SOURCE_FLAG, SOURCE_FLAG, 0, 2, 3]);
  const from = random.below(source.length + 1);
  const segment = random.oneIn(8) ? random.below(2 ** 31) : source.length - from;
  const data = bytesOf(random, 24);
  const instructions = bytesOf(random, 12);
  const addresses = bytesOf(random, 6);
  const body = [
    ...varint(made),
    0,
    ...varint(data.length),
    ...varint(instructions.length),
    ...varint(addresses.length),
    ...data,
    ...instructions,
    ...addresses,
  ];
  const head = flag === 0 ? [flag] : [flag, ...varint(segment), ...varint(from)];
  return Buffer.from([...head, ...varint(body.length), ...body]);
}

function bytesOf(random: Random, limit: number): number[] {
  const small = random.oneIn(2);
  return Array.from({ length: random.below(limit) }, () => random.below(small ? 64 : 256));
}

/** RFC 3284, 2: groups of 7 bits, the highest first. */
function varint(value: number): number[] {
  const groups = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128))
    groups.unshift((rest % 128) | 128);
  return groups;
}
