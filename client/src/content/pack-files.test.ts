import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Digest } from '@swupd/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Directory, REAL_DISK } from '../disk/index.ts';
import { begunPacks, findRange, rangeFile, removeRanges } from './pack-files.ts';
import { openPlaces, type TestPlaces } from './test-places.ts';

const PACK = { digest: 'a'.repeat(64) as Digest, size: 1000 };
const OTHER = 'b'.repeat(64);

let places: TestPlaces;
let downloads: Directory;
beforeEach(() => {
  places = openPlaces();
  downloads = REAL_DISK.openRoot(places.downloads);
});
afterEach(() => {
  downloads.close();
  places[Symbol.dispose]();
});

function leave(files: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(files))
    writeFileSync(join(places.downloads, name), Buffer.alloc(size));
}

const range = (offset: number, length: number) => ({ offset, length, parts: [] });

test.each([
  ['the same range', { [`pack-${PACK.digest}-200-100`]: 100 }, [200, 100], 0],
  ['a part of a range', { [`pack-${PACK.digest}-200-100`]: 100 }, [250, 50], 50],
  ['a part of the whole', { [`pack-${PACK.digest}`]: 1000 }, [990, 10], 990],
  ['more than a range', { [`pack-${PACK.digest}-200-100`]: 100 }, [250, 51], undefined],
  ['a range that is not complete', { [`pack-${PACK.digest}-200-100`]: 99 }, [200, 50], undefined],
  ['a download that is under way', { [`pack-${PACK.digest}-200-100.part`]: 100 }, [200, 50], undefined],
  ['a whole that is not complete', { [`pack-${PACK.digest}`]: 999 }, [0, 10], undefined],
  ['another pack', { [`pack-${OTHER}-200-100`]: 100, [`pack-${OTHER}`]: 1000 }, [200, 100], undefined],
  ['names that are none', { 'pack--1-5': 5, [`pack-${PACK.digest}-1-`]: 5 }, [1, 5], undefined],
] as const)('what an earlier run has left: %s', (_, files, [offset, length], expected) => {
  leave(files);
  expect(findRange(downloads, PACK, range(offset, length))?.offset).toBe(expected);
});

test('ranges are removed when they have been decoded, and nothing else', () => {
  const mine = rangeFile(PACK.digest, range(200, 100));
  const kept = [`${rangeFile(PACK.digest, range(400, 9))}.part`, `pack-${OTHER}-200-100`, `pack-${OTHER}`];
  leave(Object.fromEntries([mine, ...kept].map((name) => [name, 100])));
  removeRanges(downloads, PACK.digest);
  expect(readdirSync(places.downloads).sort()).toEqual(kept.sort());
});

test('packs that have been begun', () => {
  const third = 'c'.repeat(64);
  leave({
    [`pack-${PACK.digest}.part`]: 70,
    [`pack-${PACK.digest}.part.etag`]: 90,
    [`pack-${PACK.digest}-1-500`]: 500,
    [`pack-${OTHER}`]: 80,
    [`pack-${OTHER}.part`]: 7,
    [`blob-${third}.part`]: 9,
  });
  expect(Object.fromEntries(begunPacks(downloads))).toEqual({ [PACK.digest]: 70, [OTHER]: 80 });
});
