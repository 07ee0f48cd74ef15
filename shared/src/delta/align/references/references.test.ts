import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../digest.ts';
import type { Extent, ReferenceForm, ScanRange } from './reference-form.ts';
import { ABSOLUTE, BASED, DRIFTING, PLAIN, type Region, SELF } from './region.ts';
import { scanReferences } from './scan-references.ts';

const EXTENT: Extent = { low: 0x400000, span: 0x10000 };
const ADDRESS = 0x401000;

/** `position→address` of all references, in hex. */
function found(hex: string, region: Partial<Region>, range: Partial<ScanRange> = {}): string[] {
  const bytes = fromHex(hex.replaceAll(' ', '')) ?? new Uint8Array(0);
  const list: string[] = [];
  const whole: Region = {
    start: 0,
    length: bytes.length,
    kind: 'x86',
    columns: [],
    sourceBase: 0,
    targetBase: 0,
    ...region,
  };
  scanReferences(
    bytes,
    { from: 0, limit: bytes.length, end: bytes.length, address: ADDRESS, phase: 0, ...range },
    { region: whole, extent: EXTENT },
    { reference: (_, at, address) => list.push(`${at}→${address.toString(16)}`) },
  );
  return list;
}

describe('references in x86-64 code', () => {
  it.each([
    ['call', 'e8 10 00 00 00', ['1→401015']],
    ['jmp', 'e9 fb ff ff ff', ['1→401000']],
    ['jne', '0f 85 00 01 00 00', ['2→401106']],
    ['lea rax, [rip+0x20]', '48 8d 05 20 00 00 00', ['3→401027']],
    ['two calls', '90 e8 00 00 00 00 e8 00 00 00 00', ['2→401006', '7→40100b']],
    ['a call out of the program', 'e8 00 00 00 70', []],
    ['a call that is cut', 'e8 10 00 00', []],
    ['an escape that is no jump', '0f 1f 00 00 00 00', []],
    ['an operand that looks like a call', 'e8 e8 00 00 00 00', ['1→4010ed']],
  ])('%s', (_, hex, references) => {
    expect(found(hex, { kind: 'x86' })).toEqual(references);
  });

  it('are the same however the code is cut', () => {
    const hex = '90 e8 10 00 00 00 0f 84 00 00 00 00 e9 00 00 00 00 48 8b 0d 00 00 00 00';
    const bytes = fromHex(hex.replaceAll(' ', '')) ?? new Uint8Array(0);
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const list: string[] = [];
      const visitor = {
        reference: (_: ReferenceForm, at: number, to: number) => list.push(`${at}→${to.toString(16)}`),
      };
      const region: Region = {
        start: 0,
        length: bytes.length,
        kind: 'x86',
        columns: [],
        sourceBase: 0,
        targetBase: 0,
      };
      const range = { end: bytes.length, address: ADDRESS, phase: 0 };
      const stop = scanReferences(
        bytes,
        { ...range, from: 0, limit: cut },
        { region, extent: EXTENT },
        visitor,
      );
      expect(stop).toBeGreaterThanOrEqual(cut);
      scanReferences(
        bytes,
        { ...range, from: stop, limit: bytes.length },
        { region, extent: EXTENT },
        visitor,
      );
      expect(list).toEqual(found(hex, { kind: 'x86' }));
    }
  });
});

describe('references in tables', () => {
  it.each([
    [
      'addresses',
      [ABSOLUTE, PLAIN],
      '00204000 00000000 05000000 00000000 00304000 00204000',
      ['0→402000', '16→403000'],
    ],
    ['distances from the word', [SELF], '00010000 fcffffff', ['0→401100', '4→401000']],
    ['distances from a base', [BASED], '00010000 00000100', ['0→400100']],
    ['offsets that drift', [DRIFTING, PLAIN], '40000000 40000000 3f000000 41000000', ['0→40']],
  ] as const)('%s', (_, columns, hex, references) => {
    expect(found(hex, { kind: 'words', columns, sourceBase: 0x400000 })).toEqual(references);
  });

  it('keep to the columns where a copy starts within a record', () => {
    const columns = [ABSOLUTE, PLAIN] as const;
    expect(found('00 00204000 00304000', { kind: 'words', columns }, { phase: 3 })).toEqual(['5→403000']);
  });

  it('never reach behind the end', () => {
    expect(found('00204000 002040', { kind: 'words', columns: [ABSOLUTE] })).toEqual(['0→402000']);
  });
});
