import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CopyList } from '../copies/copy-list.ts';
import { AddressMap } from './address-map.ts';

const SEGMENT = { offset: 0x1000, size: 0x9000, address: 0x401000, memory: 0xa000 };

function mapOf(
  ...copies: readonly (readonly [target: number, source: number, length: number])[]
): AddressMap {
  const list = new CopyList();
  for (const copy of copies) list.add(...copy);
  return new AddressMap(list, [SEGMENT], [SEGMENT]);
}

describe('AddressMap', () => {
  const map = mapOf([0x1000, 0x1000, 0x500], [0x1800, 0x1500, 0x300]);

  it.each([
    ['in a part that stayed', 0x401010, 0, true],
    ['in a part that moved', 0x401500, 0x300, true],
    ['at its last byte', 0x4017ff, 0x300, true],
    ['behind it', 0x401800, 0x300, false],
    ['out of the program', 0x300000, 0, false],
  ])('knows the shift of an address %s', (_, address, shift, covered) => {
    expect({ shift: map.shiftOf(address), covered: map.covered }).toEqual({ shift, covered });
  });

  it('agrees with a search through all copies', () => {
    const starts = fc.uniqueArray(fc.nat({ max: 0x8000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(starts, fc.nat({ max: 0x8fff }), (list, at) => {
        const copies = list.map((start, index) => [0x1000 + index * 16, 0x1000 + start, 16] as const);
        const address = SEGMENT.address + at;
        const before = copies.filter(([, source]) => source - 0x1000 <= at).sort((a, b) => a[1] - b[1]);
        const last = before.at(-1) ?? copies.toSorted((a, b) => a[1] - b[1])[0];
        expect(mapOf(...copies).shiftOf(address)).toBe(last === undefined ? 0 : last[0] - last[1]);
      }),
    );
  });

  it('answers 0 where it knows nothing', () => {
    expect(mapOf().shiftOf(SEGMENT.address)).toBe(0);
  });
});
