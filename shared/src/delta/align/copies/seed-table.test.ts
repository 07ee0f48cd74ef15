import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../byte-string.ts';
import { PLACES, SEED, SeedTable } from './seed-table.ts';

function placesOf(table: SeedTable, target: Uint8Array): number[] {
  const bucket = table.bucketOf(target, 0);
  return Array.from({ length: PLACES }, (_, number) => table.place(bucket, number)).filter(
    (place) => place >= 0,
  );
}

describe('SeedTable', () => {
  it.each([
    ['a dense source', 100],
    ['one that is known at every second position', 2 ** 21 + 2],
  ])('finds all places of %s, the last one first', (_, size) => {
    const source = new Uint8Array(size).map((_, index) => Math.imul(index, 0x9e3779b1) >>> 24);
    for (const at of [10, 40, 70]) source.set(bytesOf('seedling'), at);
    const table = new SeedTable(source);
    const places = placesOf(table, bytesOf('seedling'));
    const seed = bytesOf('seedling');
    expect(
      places.filter((place) => Buffer.compare(source.subarray(place, place + SEED), seed) === 0),
    ).toEqual([70, 40, 10]);
  });

  it('remembers the last places of a seed that is everywhere', () => {
    const places = placesOf(new SeedTable(new Uint8Array(100)), new Uint8Array(SEED));
    expect(places).toEqual([92, 91, 90, 89]);
  });

  it('finds nothing in a source that is too short', () => {
    expect(placesOf(new SeedTable(new Uint8Array(SEED - 1)), bytesOf('seedling'))).toEqual([]);
  });
});
