import { expect, test } from 'vitest';
import { Random } from '../../fuzz/random.ts';
import { SECTOR, VolatileDisk } from './volatile-disk.ts';

const SECTORS = 4;

function filled(byte: number, sectors: number): Buffer {
  return Buffer.alloc(sectors * SECTOR, byte);
}

function cut(disk: VolatileDisk, seed: number) {
  return disk.cutPower(new Random(seed));
}

test('what was flushed survives each power cut, and is read before and after', () => {
  const disk = new VolatileDisk(filled(0, SECTORS));
  disk.write(SECTOR, filled(1, 2));
  disk.flush();
  expect(disk.read(SECTOR, 2 * SECTOR)).toEqual(filled(1, 2));
  for (let seed = 0; seed < 20; seed++) {
    const { content, loss } = cut(disk, seed);
    expect(content.subarray(SECTOR, 3 * SECTOR)).toEqual(filled(1, 2));
    expect(loss).toEqual({ unflushed: 0, lost: 0, torn: 0 });
  }
});

test('a write that was not flushed is kept, lost, or torn between sectors, and never in one', () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 400; seed++) {
    const disk = new VolatileDisk(filled(0, SECTORS));
    disk.write(0, filled(1, 2));
    const { content } = cut(disk, seed);
    const sectors = [0, 1].map((number) => content.subarray(number * SECTOR, (number + 1) * SECTOR));
    for (const sector of sectors) expect(new Set(sector).size).toBe(1);
    seen.add(sectors.map(([byte]) => byte).join(''));
  }
  expect([...seen].sort()).toEqual(['00', '01', '10', '11']);
});

test('an earlier write may outlive a later one of the same sector, and the other way round', () => {
  const seen = new Set<number>();
  for (let seed = 0; seed < 400; seed++) {
    const disk = new VolatileDisk(filled(0, 1));
    disk.write(0, filled(1, 1));
    disk.write(0, filled(2, 1));
    expect(disk.read(0, SECTOR)).toEqual(filled(2, 1));
    seen.add(cut(disk, seed).content[0] ?? -1);
  }
  expect([...seen].sort()).toEqual([0, 1, 2]);
});

test('the same seed loses the same', () => {
  const after = [1, 2].map(() => {
    const disk = new VolatileDisk(filled(0, 64));
    for (let number = 0; number < 64; number++) disk.write(number * SECTOR, filled(number, 1));
    return cut(disk, 7);
  });
  expect(after[0]).toEqual(after[1]);
});
