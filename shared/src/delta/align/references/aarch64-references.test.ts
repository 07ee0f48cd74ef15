import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../digest.ts';
import { RangeDecoder } from '../coding/range-decoder.ts';
import { RangeEncoder } from '../coding/range-encoder.ts';
import { CopyList } from '../copies/copy-list.ts';
import { CopyWalk } from '../copies/copy-walk.ts';
import { DifferenceReader, DifferenceWriter } from '../difference-coder.ts';
import { scanAarch64 } from './aarch64-references.ts';
import { AddressMap } from './address-map.ts';
import { PageRegisters } from './page-registers.ts';
import { type Extent, type ReferenceForm, read32, type ScanRange, write32 } from './reference-form.ts';
import { ReferenceModel } from './reference-model.ts';
import type { Region } from './region.ts';

const EXTENT: Extent = { low: 0x400000, span: 0x10000 };
const ADDRESS = 0x401000;
/** Ends a test's code: `nop`. */
const NOP = '1f2003d5';

function codeOf(hex: string): Uint8Array {
  return Uint8Array.from(fromHex(hex.replaceAll(' ', '')) ?? []);
}

/** `position→address` of all references, in hex; pages of the target lie as in the source. */
function found(bytes: Uint8Array, range: Partial<ScanRange> = {}, registers = new PageRegisters()): string[] {
  const list: string[] = [];
  const visitor = {
    reference(_: ReferenceForm, at: number, address: number) {
      list.push(`${at}→${address.toString(16)}`);
      return address;
    },
  };
  scanAarch64(
    bytes,
    { from: 0, limit: bytes.length, end: bytes.length, address: ADDRESS, phase: 0, ...range },
    { ...EXTENT, registers },
    visitor,
  );
  return list;
}

describe('references in aarch64 code', () => {
  it.each([
    ['bl .+0x10', '04000094', ['0→401010']],
    ['bl .-4', 'ffffff97', ['0→400ffc']],
    ['b .+0x100', '40000014', ['0→401100']],
    ['b.ne .+8', '41000054', ['0→401008']],
    ['cbz x3, .-8', 'c3ffffb4', ['0→400ff8']],
    ['tbnz w2, #3, .+0x20', '02011837', ['0→401020']],
    ['ldr x1, .+0x40', '01020058', ['0→401040']],
    ['adr x9, .+0x27', '29010070', ['0→401027']],
    ['adrp x0, .+0x2000', '000000d0', ['0→403000']],
    ['adrp x0; add x0, x0, #0x123', '000000d0 008c0491', ['0→403123', '4→403123']],
    ['adrp x8; ldr x8, [x8, #0x18]', 'e8fffff0 080d40f9', ['0→400018', '4→400018']],
    [
      'adrp x8; ldr q0, [x8, #0x20]; strb w1, [x8, #5]',
      'e8fffff0 0009c03d 01150039',
      ['0→400020', '4→400020', '8→400005'],
    ],
    [
      'adrp x8; adrp x0; add x0, x0, #0x123; ldr x8, [x8, #0x18]',
      'e8fffff0 000000d0 008c0491 080d40f9',
      ['0→400018', '4→403123', '8→403123', '12→400018'],
    ],
    [
      'adrp x8; bl .+0x10; ldr x8, [x8, #0x18]: a call leaves x8 to nobody',
      'e8fffff0 04000094 080d40f9',
      ['0→400018', '4→401014'],
    ],
    [
      'adrp x8; adr x8, .+0x27; ldr x8, [x8, #0x18]: x8 is no page',
      'e8fffff0 28010070 080d40f9',
      ['0→400018', '4→40102b'],
    ],
    ['adrp x8; mov x8, #1; ldr x8, [x8, #0x18]: x8 is no page', 'e8fffff0 280080d2 080d40f9', ['0→400018']],
    ['adrp x8; add x1, x8, #1, lsl #12: no offset within a page', 'e8fffff0 01054091', ['0→400000']],
    ['ldr x8, [x8, #0x18] of nobody knows what', '080d40f9', []],
    ['a branch out of the program', '00000095', []],
    ['adrp out of the program', '000000b1', []],
    ['an instruction that is cut', '040000', []],
  ])('%s', (_, hex, references) => {
    expect(found(codeOf(`${hex}${hex.length < 8 ? '' : NOP}`))).toEqual(references);
  });

  it('stand at multiples of four of the address', () => {
    expect(found(codeOf(`000000 04000094 ${NOP}`), { address: ADDRESS + 1 })).toEqual(['3→401014']);
  });

  it('never have a scan stop behind its end', () => {
    const stop = scanAarch64(
      new Uint8Array(2),
      { from: 0, limit: 2, end: 2, address: ADDRESS + 1, phase: 0 },
      { ...EXTENT, registers: new PageRegisters() },
      { reference: () => 0 },
    );
    expect(stop).toBe(2);
  });

  it('are the same however the code is cut', () => {
    const code = codeOf(`e8fffff0 000000d0 008c0491 04000094 e9fffff0 28010091 080d40f9 290d40f9 ${NOP}`);
    for (let cut = 1; cut < code.length; cut += 1) {
      const registers = new PageRegisters();
      const first = found(code, { limit: cut }, registers);
      const rest = found(code, { from: Math.ceil(cut / 4) * 4 }, registers);
      expect([...first, ...rest]).toEqual(found(code));
    }
  });
});

const SEGMENT = { offset: 0, size: 0x10000, address: 0x400000, memory: 0x10000 };
const REGION: Region = {
  start: 0,
  length: 0x10000,
  kind: 'aarch64',
  columns: [],
  sourceBase: 0,
  targetBase: 0,
};
const SHIFT = 0x40;

/** Walks one copy of all of `source`, `step` bytes at a time, and gives the bytes of references and of differences. */
function write(source: Uint8Array, target: Uint8Array, step: number): readonly [Uint8Array, Uint8Array] {
  const references = new RangeEncoder();
  const differences = new RangeEncoder();
  const writer = new DifferenceWriter(differences);
  walkAll(new CopyWalk(model(references), writer, EXTENT), source, target, step);
  writer.finish();
  return [references.finish(), differences.finish()];
}

function read(source: Uint8Array, parts: readonly [Uint8Array, Uint8Array], step: number): Uint8Array {
  const target = new Uint8Array(source);
  const reader = new DifferenceReader(new RangeDecoder(parts[1]));
  walkAll(new CopyWalk(model(new RangeDecoder(parts[0])), reader, EXTENT), source, target, step);
  return target;
}

function model(coder: RangeEncoder | RangeDecoder): ReferenceModel {
  const copies = new CopyList();
  copies.add(0x1000 + SHIFT, 0x1000, 0x8000);
  return new ReferenceModel(coder, new AddressMap(copies, [SEGMENT], [SEGMENT]));
}

function walkAll(walk: CopyWalk, source: Uint8Array, target: Uint8Array, step: number): void {
  for (let from = 0; from < source.length; ) {
    const limit = Math.min(from + step, source.length);
    const range = { from, limit, end: source.length, address: ADDRESS, phase: from };
    const copy = { copyAddress: ADDRESS, copyLength: source.length };
    from = walk.walk(source, target, { ...range, ...copy, to: from, targetAddress: ADDRESS + SHIFT }, REGION);
  }
}

/** Instructions that often refer to something, and now and then any word. */
const instruction = fc.oneof(
  fc.nat({ max: 0x3ff }).map((distance) => (0x94000000 | distance) >>> 0),
  fc.nat({ max: 0x7ff }).map((bits) => (0x54000000 | (bits << 5)) >>> 0),
  fc.nat({ max: 127 }).map((bits) => (0x90000000 | (bits & 3) | ((bits & 12) << 27)) >>> 0),
  fc.nat({ max: 0xffff }).map((bits) => (0x91000000 | ((bits & 0xfff) << 10) | ((bits >>> 12) & 3)) >>> 0),
  fc.nat({ max: 0x7ffff }).map((bits) => (0x39000000 | ((bits & 7) << 29) | ((bits >>> 3) << 5)) >>> 0),
  fc.nat({ max: 0xffffffff }),
);

describe('a walk over aarch64 code', () => {
  it('gives back any target, wherever the reader stops on its way', () => {
    const words = fc.array(instruction, { minLength: 1, maxLength: 60 });
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 30 });
    fc.assert(
      fc.property(words, changes, fc.integer({ min: 1, max: 40 }), (list, patches, step) => {
        const source = new Uint8Array(4 * list.length + 3);
        for (const [index, word] of list.entries()) write32(source, 4 * index, word);
        const target = new Uint8Array(source);
        for (const [at, byte] of patches) target[at % target.length] = byte;
        const parts = write(source, new Uint8Array(target), source.length);
        expect(read(source, parts, step)).toEqual(target);
      }),
    );
  });

  it('predicts where a page, its offset and a call have moved', () => {
    // adrp x0, 0x403000; nop; add x0, x0, #0x123; bl 0x402000: all of them 0x40 bytes further on now, and the code too.
    const source = codeOf(`000000d0 ${NOP} 008c0491 fd030094`);
    const target = codeOf(`000000d0 ${NOP} 008c0591 fd030094`);
    expect(read32(target, 8) - read32(source, 8)).toBe(SHIFT << 10);
    const [references, differences] = write(source, target, 16);
    expect(differences.length).toBe(write(source, source, 16)[1].length);
    expect(references.length).toBeLessThan(3);
    expect(read(source, [references, differences], 4)).toEqual(target);
  });
});
