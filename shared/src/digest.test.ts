import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromHex, isDigest, sha256, toHex } from './digest.ts';
import { hashContent, hashFile } from './io/hash-file.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'swupd-digest-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const hashed = (content: Uint8Array): { digest: string; size: number } => {
  const path = join(folder, 'file');
  writeFileSync(path, content);
  const fd = openSync(path, 'r');
  try {
    return hashFile(fd);
  } finally {
    closeSync(fd);
  }
};

test.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
])('FIPS 180-4: %j', (text, digest) => {
  expect(sha256(Buffer.from(text))).toBe(digest);
});

test('all three ways to hash agree', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (content) => {
      const digest = sha256(content);
      expect(hashContent(content)).toBe(digest);
      expect(hashed(content)).toEqual({ digest, size: content.length });
    }),
  );
});

test.each([0, 1, 2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1, 3 * 2 ** 20 + 5])('a file of %d bytes', (size) => {
  const content = Buffer.alloc(size, 'some text that is no power of two. ');
  expect(hashed(content)).toEqual({ digest: sha256(content), size });
});

test('an open file is hashed from its start, wherever it stands', () => {
  const path = join(folder, 'twice');
  writeFileSync(path, 'abc');
  const fd = openSync(path, 'r');
  expect(hashFile(fd)).toEqual(hashFile(fd));
  closeSync(fd);
});

test('hexadecimal', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(Buffer.from(bytes).equals(fromHex(toHex(bytes)) ?? Buffer.from('none'))).toBe(true);
    }),
  );
  expect(toHex(Buffer.from('abcdef').subarray(1, 3))).toBe('6263');
});

test.each(['0', 'AB', 'zz', '0x00', ' 00', '00 ', '00\n'])('%j is no hexadecimal', (text) => {
  expect(fromHex(text)).toBeUndefined();
});

test.each(['', '0'.repeat(63), '0'.repeat(65), 'A'.repeat(64), `${'0'.repeat(64)}\n`])(
  '%j is no digest',
  (text) => {
    expect(isDigest(text)).toBe(false);
  },
);
