import { sha256, sha512, toHex } from '@swupd/shared';
import { expect, test } from 'vitest';
import type { Json } from '../json/canonical-json.ts';
import { formatFileMeta, hasHashes, readFileMeta } from './file-meta.ts';

const BYTES = Buffer.from('bytes');

test('what is written is read', () => {
  expect(readFileMeta(formatFileMeta({ version: 3, bytes: BYTES }))).toEqual({
    version: 3,
    length: 5,
    hashes: new Map([['sha256', sha256(BYTES)]]),
  });
});

test('a version is enough', () => {
  expect(readFileMeta({ version: 1 })).toEqual({ version: 1, length: undefined, hashes: undefined });
  expect(readFileMeta({ version: 1, length: 0 })?.length).toBe(0);
});

test.each<Json>([
  [],
  'x',
  {},
  { version: 0 },
  { version: '1' },
  { version: 1, length: -1 },
  { version: 1, length: '1' },
  { version: 1, hashes: {} },
  { version: 1, hashes: [] },
  { version: 1, hashes: 'abc' },
  { version: 1, hashes: { sha256: 1 } },
])('%j is malformed', (value) => {
  expect(readFileMeta(value)).toBeUndefined();
});

test.each([
  ['the right one', { sha256: sha256(BYTES) }, true],
  ['both', { sha256: sha256(BYTES), sha512: toHex(sha512(BYTES)) }, true],
  ['one of two that is wrong', { sha256: sha256(BYTES), sha512: '00' }, false],
  ['a wrong one', { sha256: '00' }, false],
  ['one by an unknown algorithm', { md5: '00' }, false],
  ['one by the name of a method', { toString: '00' }, false],
])('%s', (_, hashes, expected) => {
  expect(hasHashes(BYTES, new Map(Object.entries(hashes)))).toBe(expected);
});
