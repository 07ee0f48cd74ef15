import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../byte-string.ts';
import { SEED, SeedTable } from './seed-table.ts';

function placesOf(table: SeedTable, target: Uint8Array): number[] {
  const places: number[] = [];
  for (let place = table.find(target, 0); place >= 0; place = table.before(place)) places.push(place);
  return places;
}

describe('SeedTable', () => {
  it.each([
    ['a dense source', 100],
    ['one that is known at every second position', 2 ** 21 + 2],
  ])('finds all places of %s, the last one first', (_, size) => {
    const source = new Uint8Array(size);
    for (const at of [10, 40, 70]) source.set(bytesOf('seedling'), at);
    const table = new SeedTable(source);
    const places = placesOf(table, bytesOf('seedling'));
    expect(places.filter((place) => source[place] === 's'.charCodeAt(0))).toEqual([70, 40, 10]);
  });

  it('finds nothing in a source that is too short', () => {
    expect(placesOf(new SeedTable(new Uint8Array(SEED - 1)), bytesOf('seedling'))).toEqual([]);
  });
});
