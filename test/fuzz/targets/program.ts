const HEADERS = 64 + 56;
const MACHINES = { x86: 62, arm: 183 } as const;

/** What a made-up program is like. */
export interface ProgramShape {
  readonly machine: keyof typeof MACHINES;
  readonly size: number;
  /** How far everything that is referred to has moved. */
  readonly shift?: number;
}

/**
 * A 64-bit ELF file without sections: one loaded segment, code with calls and relative loads in its first half, a table of
 * addresses in its second.
 */
export function program({ machine, size, shift = 0 }: ProgramShape): Uint8Array {
  const bytes = Buffer.from(new Uint8Array(size).buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.writeUInt16LE(MACHINES[machine], 18);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(1, 56);
  bytes.writeUInt32LE(1, 64);
  bytes.writeUInt32LE(5, 68);
  bytes.writeBigUInt64LE(BigInt(HEADERS), 72);
  bytes.writeBigUInt64LE(BigInt(HEADERS + 0x1000), 80);
  bytes.writeBigUInt64LE(BigInt(size - HEADERS), 96);
  bytes.writeBigUInt64LE(BigInt(size - HEADERS), 104);
  const middle = HEADERS + 8 * Math.floor((size - HEADERS) / 16);
  for (let at = HEADERS, call = 0; at + 16 <= middle; at += 16, call += 1) {
    const place = ((call * 37) % (middle - HEADERS)) + HEADERS + shift - at;
    if (machine === 'x86') writeX86(bytes, at, place);
    else writeArm(bytes, at, place);
  }
  for (let at = middle; at + 8 <= size; at += 8)
    bytes.writeUInt32LE(0x1000 + ((at * 5) % middle) + shift, at);
  return new Uint8Array(bytes.buffer, 0, size);
}

/** push, a call, and a load relative to the instruction. */
function writeX86(bytes: Buffer, at: number, place: number): void {
  bytes.set([0x55, 0x48, 0x89, 0xe5, 0xe8], at);
  bytes.writeInt32LE(place - 9, at + 5);
  bytes.set([0x48, 0x8d, 0x05], at + 9);
  bytes.writeInt32LE(place + 64, at + 12);
}

/** ADRP and ADD of one register, BL, and LDR of a literal. */
function writeArm(bytes: Buffer, at: number, place: number): void {
  bytes.writeUInt32LE((0x90000000 | (((place >> 12) & 3) << 29) | 7) >>> 0, at);
  bytes.writeUInt32LE((0x91000000 | ((place & 0xfff) << 10) | (7 << 5) | 7) >>> 0, at + 4);
  bytes.writeUInt32LE((0x94000000 | ((place >> 2) & 0x3ffffff)) >>> 0, at + 8);
  bytes.writeUInt32LE((0x58000000 | (((place >> 2) & 0x7ffff) << 5) | 3) >>> 0, at + 12);
}
