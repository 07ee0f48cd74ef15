import { readFileSync } from 'node:fs';
import { constants, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filterX86, X86Unfilter } from './x86-filter.ts';

const KIB = 1024;
const CALL = Buffer.from([0xe8, 1, 0, 0, 0]);
const LOAD_CODE = { type: 1, flags: 5 };

interface Segment {
  readonly type?: number;
  readonly flags?: number;
  readonly offset: number | bigint;
  readonly size: number | bigint;
}

/** An ELF64 x86-64 file with these program headers behind its header, or from `at` on, and `code` behind all that. */
function elf(segments: readonly Segment[], code: Uint8Array, at = 64): Buffer {
  const head = Buffer.alloc(Math.max(64, at + 56 * segments.length));
  head.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  head.writeUInt16LE(62, 18);
  head.writeBigUInt64LE(BigInt(at), 32);
  head.writeUInt16LE(56, 54);
  head.writeUInt16LE(segments.length, 56);
  for (const [i, { type, flags, offset, size }] of segments.entries()) {
    head.writeUInt32LE(type ?? LOAD_CODE.type, at + 56 * i);
    head.writeUInt32LE(flags ?? LOAD_CODE.flags, at + 56 * i + 4);
    head.writeBigUInt64LE(BigInt(offset), at + 56 * i + 8);
    head.writeBigUInt64LE(BigInt(size), at + 56 * i + 32);
  }
  return Buffer.concat([head, code]);
}

/** A file whose only segment is `code`, from offset 120 on. */
function program(...code: number[]): Buffer {
  return elf([{ offset: 120, size: code.length }], Uint8Array.from(code));
}

/** The bytes behind the head of the filtered `program`. */
function filteredCode(...code: number[]): number[] {
  return [...(filterX86(program(...code)) ?? [])].slice(120);
}

function unfilter(filtered: Uint8Array, chunkSize: number, size = filtered.length) {
  const decoder = new X86Unfilter(size);
  const chunks: Uint8Array[] = [];
  for (let i = 0; i < filtered.length; i += chunkSize) {
    chunks.push(decoder.push(filtered.subarray(i, i + chunkSize)));
  }
  chunks.push(decoder.finish());
  return { bytes: Buffer.concat(chunks), isRejected: decoder.isRejected };
}

function expectRoundTrip(bytes: Uint8Array, chunkSizes: readonly number[]): void {
  const copy = Buffer.from(bytes);
  const filtered = filterX86(bytes);
  expect(copy.equals(bytes)).toBe(true);
  for (const chunkSize of filtered === undefined ? [] : chunkSizes) {
    const back = unfilter(filtered ?? bytes, chunkSize);
    expect(back.isRejected).toBe(false);
    expect(back.bytes.equals(bytes), `in chunks of ${chunkSize}`).toBe(true);
  }
}

describe('what is converted', () => {
  const REST = [0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90];

  // 134 bytes at most, so operands from -position up to that are converted; the code starts at 120.
  test.each<[string, number[], number[]]>([
    ['call', [0xe8, 2, 0, 0, 0], [0xe8, 0, 0, 0, 127]],
    ['jmp', [0xe9, 0xfe, 0xff, 0xff, 0xff], [0xe9, 0, 0, 0, 123]],
    ['the largest that stays above zero', [0xe8, 6, 0, 0, 0], [0xe8, 0, 0, 0, 131]],
    ['the one above it wraps', [0xe8, 7, 0, 0, 0], [0xe8, 0xff, 0xff, 0xff, 0x83]],
    ['beyond the file: only the order of the bytes', [0xe8, 4, 3, 2, 1], [0xe8, 1, 2, 3, 4]],
    ['jcc', [0x0f, 0x84, 1, 0, 0, 0], [0x0f, 0x84, 0, 0, 0, 127]],
    ['call through memory', [0xff, 0x15, 1, 0, 0, 0], [0xff, 0x15, 0, 0, 0, 127]],
    ['jmp through memory', [0xff, 0x25, 1, 0, 0, 0], [0xff, 0x25, 0, 0, 0, 127]],
    ['lea', [0x48, 0x8d, 0x3d, 1, 0, 0, 0], [0x48, 0x8d, 0x3d, 0, 0, 0, 128]],
    ['mov', [0x4c, 0x8b, 0x05, 1, 0, 0, 0], [0x4c, 0x8b, 0x05, 0, 0, 0, 128]],
    ['call inside what looks like a prefix', [0x48, 0xe8, 5, 0, 0, 0], [0x48, 0xe8, 0, 0, 0, 131]],
  ])('%s', (_, code, expected) => {
    const padded = [...code, ...REST.slice(code.length - 5)];
    expect(padded).toHaveLength(12);
    expect(filteredCode(...padded)).toEqual([...expected, ...REST.slice(code.length - 5)]);
    expectRoundTrip(program(...padded), [1, 2, 3, 5, 1000]);
  });

  test.each<[string, number[]]>([
    ['a short jump', [0x0f, 0x74, 1, 0, 0, 0, 0]],
    ['another ModRM', [0x48, 0x8d, 0x7d, 1, 0, 0, 0]],
    ['an operand that ends behind the code', [0x90, 0xe8, 1, 0, 0]],
    ['the start of an instruction', [0x90, 0x0f]],
  ])('not: %s', (_, code) => {
    expect(filteredCode(...code)).toEqual(code);
  });

  test('nothing outside of code, and nothing of the head', () => {
    const calls = Buffer.alloc(50, CALL);
    const head = 64 + 3 * 56;
    const segments = [
      { offset: 0, size: head + 5 },
      { offset: head + 10, size: 5 },
      { offset: head + 20, size: 30, flags: 4 },
    ];
    const bytes = elf(segments, calls);
    const filtered = Buffer.from(filterX86(bytes) ?? []);
    const changed = [...filtered.keys()].filter((i) => filtered[i] !== bytes[i]);
    expect(changed).toEqual([head + 1, head + 4, head + 11, head + 14]);
  });
});

test.each<[string, Buffer]>([
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from('#!/bin/sh\n'.repeat(20))],
  ['half a header', program(0x90).subarray(0, 63)],
  ['half of the program headers', program(0x90).subarray(0, 100)],
  ['a 32-bit file', patched(program(0x90), 4, 1)],
  ['a big-endian file', patched(program(0x90), 5, 2)],
  ['another machine', patched(program(0x90), 18, 183)],
  ['program headers of another size', patched(program(0x90), 54, 57)],
  ['no segments', elf([], Buffer.alloc(100, 0x90))],
  ['no code', elf([{ offset: 120, size: 100, flags: 6 }], Buffer.alloc(100))],
  ['code behind the end', elf([{ offset: 300, size: 100 }], Buffer.alloc(100))],
  ['code in the head only', elf([{ offset: 0, size: 120 }], Buffer.alloc(100))],
  ['a head that ends too late', elf([{ offset: 70_000, size: 9 }], Buffer.alloc(9_000), 64 * KIB - 55)],
])('neither filtered nor unfiltered: %s', (_, bytes) => {
  expect(filterX86(bytes)).toBeUndefined();
  const back = unfilter(bytes, 10);
  expect(back.isRejected).toBe(true);
  expect(back.bytes).toHaveLength(0);
});

test('the largest head', () => {
  const bytes = elf([{ offset: 0, size: 2n ** 64n - 1n }], Buffer.alloc(100, CALL), 64 * KIB - 56);
  expect(filterX86(bytes)?.[64 * KIB + 1]).not.toBe(CALL[1]);
  expectRoundTrip(bytes, [1 * KIB, 64 * KIB, 1_000_000]);
});

test('a file too large for its addresses', () => {
  const decoder = new X86Unfilter(2 ** 31);
  expect(decoder.push(program(0x90))).toHaveLength(0);
  expect(decoder.isRejected).toBe(true);
});

test.each(['/bin/ls', process.execPath])('%s comes back, and compresses better', (path) => {
  const bytes = readFileSync(path);
  const filtered = filterX86(bytes);
  expect(filtered?.length).toBe(bytes.length);
  expectRoundTrip(bytes, [1024 * KIB + 1]);
  const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
  const [plain, better] = [bytes, filtered ?? bytes].map((one) => zstdCompressSync(one, options).length);
  expect(better).toBeLessThan(plain ?? 0);
});

test('every border between chunks', () => {
  const bytes = readFileSync('/bin/ls').subarray(0, 40 * KIB);
  expect(filterX86(bytes)).toBeDefined();
  expectRoundTrip(
    bytes,
    Array.from({ length: 16 }, (_, i) => i + 1),
  );
});

describe('any program, also a hostile one', () => {
  const OPCODES = [0xe8, 0xe9, 0x0f, 0x80, 0x8f, 0xff, 0x15, 0x25, 0x48, 0x4c, 0x05, 0x3d, 0x00];
  const codeByte = fc.oneof(fc.constantFrom(...OPCODES), fc.integer({ min: 0, max: 255 }));
  const code = fc.array(codeByte, { maxLength: 400 }).map((bytes) => Uint8Array.from(bytes));
  const place = fc.oneof(fc.nat(700), fc.nat(700), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
  const segment = fc.record({
    type: fc.constantFrom(1, 1, 1, 2),
    flags: fc.constantFrom(1, 5, 7, 4),
    offset: place,
    size: place,
  });
  const file = fc
    .tuple(fc.array(segment, { maxLength: 5 }), code, fc.nat(200))
    .map(([segments, bytes, at]) => elf(segments, bytes, Math.max(at, 64)));

  test('comes back, whatever the chunks', () => {
    fc.assert(
      fc.property(file, fc.integer({ min: 1, max: 800 }), (bytes, chunkSize) => {
        expectRoundTrip(bytes, [1, 7, chunkSize]);
      }),
      { numRuns: 2000 },
    );
  });

  test('comes back with program headers that lie in the header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 300 }), fc.nat(100), (bytes, at) => {
        const file = Buffer.from(bytes);
        elf([], Buffer.alloc(0)).copy(file, 0, 0, 32);
        file.writeBigUInt64LE(BigInt(at), 32);
        file.writeUInt16LE(56, 54);
        file.writeUInt16LE(3, 56);
        expectRoundTrip(file, [1, 50]);
      }),
    );
  });

  test('a damaged one gives other bytes, as many, or is rejected', () => {
    fc.assert(
      fc.property(
        file,
        fc.nat(),
        fc.nat(7),
        fc.integer({ min: 1, max: 800 }),
        (bytes, at, bit, chunkSize) => {
          const filtered = filterX86(bytes);
          fc.pre(filtered !== undefined);
          const bad = Buffer.from(filtered ?? bytes);
          const index = at % bad.length;
          bad[index] = (bad[index] ?? 0) ^ (1 << bit);
          const back = unfilter(bad, chunkSize);
          if (back.isRejected) expect(back.bytes).toHaveLength(0);
          else {
            expect(back.bytes).toHaveLength(bytes.length);
            expect(back.bytes.equals(bytes)).toBe(false);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('a truncated one, or one with more behind it, gives as many bytes as came', () => {
    const bytes = program(...Array<number>(20).fill(0xe8));
    const filtered = filterX86(bytes) ?? bytes;
    const size = bytes.length;
    for (let end = 120; end < size; end++) {
      expect(unfilter(filtered.subarray(0, end), 3, size).bytes).toHaveLength(end);
    }
    const longer = Buffer.concat([filtered, Buffer.alloc(9)]);
    expect(unfilter(longer, 4, size).bytes).toHaveLength(size + 9);
  });

  test('any bytes at all end without an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 50 }), (bytes, chunkSize) => {
        expectRoundTrip(bytes, [chunkSize]);
        unfilter(bytes, chunkSize);
      }),
    );
  });
});

function patched(bytes: Buffer, offset: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[offset] = value;
  return copy;
}
