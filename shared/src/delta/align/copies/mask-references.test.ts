import { describe, expect, it } from 'vitest';
import type { Region } from '../references/region.ts';
import { type MaskedFile, withMaskedReferences } from './mask-references.ts';

const ADDRESS = 0x401000;
const SIZE = 0x100;

/**
 * A program of x86 code: at 0x10 a function that calls `callee`, which calls `leaf`, which does something of its own. All else is
 * zeros.
 */
function program(callee: number, leaf: number): MaskedFile {
  const bytes = new Uint8Array(SIZE);
  bytes.set(call(0x10, callee), 0x10);
  bytes.set(call(callee, leaf), callee);
  bytes.set([0x48, 0x89, 0xe0, 0xc3, 0x90, 0x90, 0x90, 0x90], leaf);
  const region: Region = { start: 0, length: SIZE, kind: 'x86', columns: [], sourceBase: 0, targetBase: 0 };
  return {
    bytes,
    segments: [{ offset: 0, size: SIZE, address: ADDRESS, memory: SIZE }],
    regions: [region],
  };
}

function call(at: number, to: number): number[] {
  const distance = to - at - 5;
  return [0xe8, distance & 0xff, distance >> 8, 0, 0];
}

function masked({ bytes, ...known }: MaskedFile, at: number): number[] {
  return withMaskedReferences([{ bytes, ...known }], () => Array.from(bytes.subarray(at, at + 5)));
}

describe('withMaskedReferences', () => {
  it('makes a call look the same wherever the function is that it calls', () => {
    expect(masked(program(0x40, 0x80), 0x40)).toEqual(masked(program(0x58, 0xa0), 0x58));
  });

  it('makes it look the same though that function calls what has moved against it', () => {
    expect(masked(program(0x40, 0x80), 0x10)).toEqual(masked(program(0x58, 0xa0), 0x10));
  });

  it('makes calls of different functions look different', () => {
    const file = program(0x40, 0x80);
    file.bytes.set([0x55, 0x53], 0x80);
    expect(masked(file, 0x40)).not.toEqual(masked(program(0x40, 0x80), 0x40));
  });

  it.each(['returns', 'throws'])('leaves the bytes as they were where the search %s', (how) => {
    const file = program(0x40, 0x80);
    const before = Uint8Array.from(file.bytes);
    const search = () => {
      expect(file.bytes).not.toEqual(before);
      if (how === 'throws') throw new RangeError('no memory');
    };
    if (how === 'throws') expect(() => withMaskedReferences([file], search)).toThrow(RangeError);
    else withMaskedReferences([file], search);
    expect(file.bytes).toEqual(before);
  });
});
