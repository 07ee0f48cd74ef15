import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compress, compressFrame, sha256 } from '@swupd/shared';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withOpenBlob } from './open-blob.ts';

let folder: string;
let path: string;
let aside: string;
const plain = Buffer.alloc(300_000, 'some text ');
const blob = () => ({ path, plainSize: plain.length, digest: sha256(plain) });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'swupd-open-'));
  path = join(folder, 'object');
  aside = join(folder, 'deep/unpacked');
});

afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['compressed', () => compress(plain, 3).bytes],
  ['as it is', () => plain],
])('reads by position what is stored %s, and leaves nothing behind', async (_, bytes) => {
  writeFileSync(path, bytes());
  const read = await withOpenBlob(blob(), aside, async (source) => {
    const part = Buffer.alloc(1000);
    return { size: source.size, count: source.read(part, 200_003), part };
  });
  expect(read).toEqual({ size: plain.length, count: 1000, part: plain.subarray(200_003, 201_003) });
  expect(existsSync(aside)).toBe(false);
});

test.each([
  ['is cut', () => compress(plain, 3).bytes.subarray(0, 20)],
  ['is no frame', () => Buffer.from('no frame at all')],
  ['holds something else', () => compress(Buffer.alloc(300_000, 'other'), 3).bytes],
  ['holds something else, as it is', () => Buffer.alloc(300_000, 'other')],
  ['is larger', () => compressFrame(Buffer.alloc(300_001, 'some text '), 3)],
])('refuses a blob that %s', async (_, bytes) => {
  writeFileSync(path, bytes());
  await expect(withOpenBlob(blob(), aside, async () => {})).rejects.toMatchObject({ code: 'bad-repository' });
  expect(existsSync(aside)).toBe(false);
});

test('removes what it has unpacked when the use fails', async () => {
  writeFileSync(path, compress(plain, 3).bytes);
  const use = () => withOpenBlob(blob(), aside, () => Promise.reject(new RangeError('no use')));
  await expect(use()).rejects.toThrow('no use');
  expect(existsSync(aside)).toBe(false);
});
