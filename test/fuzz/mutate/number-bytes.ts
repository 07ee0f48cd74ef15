import type { Random } from '../random.ts';

/** Where decoders go wrong: signs, carries, and what a double or 32 bits don't hold. */
const EDGES: readonly bigint[] = [
  7n,
  8n,
  14n,
  15n,
  16n,
  21n,
  24n,
  28n,
  31n,
  32n,
  35n,
  42n,
  48n,
  53n,
  56n,
  63n,
  64n,
].map((bits) => 1n << bits);

/** A number that is likely to hurt, or one near to a known one, in one of the ways that formats write numbers. */
export function numberBytes(random: Random, known: readonly number[]): Uint8Array {
  const near = BigInt(random.below(5) - 2);
  const base = random.pick<bigint>([
    BigInt(random.below(300)),
    random.pick(EDGES),
    BigInt(known.length === 0 ? 0 : random.pick(known)),
  ]);
  return random.pick(WAYS)(base + near);
}

const WAYS: readonly ((value: bigint) => Uint8Array)[] = [
  (value) => fixed(value, 2),
  (value) => fixed(value, 4),
  (value) => fixed(value, 8),
  (value) => fixed(value, 2).reverse(),
  (value) => fixed(value, 4).reverse(),
  littleGroups,
  littleGroups,
  // VCDIFF: groups of 7 bits, the highest first.
  (value) => {
    const groups = littleGroups(value).reverse();
    return groups.map((group, at) => (group & 127) | (at < groups.length - 1 ? 128 : 0));
  },
  // As many bytes as a decoder may read, with nothing in them.
  () => new Uint8Array(10).fill(0x80),
];

/** Little-endian, so many bytes. */
function fixed(value: bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value), true);
  return bytes.slice(0, size);
}

/** LEB128. */
function littleGroups(value: bigint): Uint8Array {
  const groups: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest >= 128n; rest >>= 7n) groups.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...groups, Number(rest)]);
}
