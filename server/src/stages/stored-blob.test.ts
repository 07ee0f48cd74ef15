import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compress, compressFrame, sha256 } from '@swupd/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inspectStored, readBlob } from './stored-blob.ts';

let folder: string;
let path: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'swupd-stored-'));
  path = join(folder, 'object');
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('inspectStored', () => {
  test.each([0, 1, 255, 256, 257, 65_791, 65_792, 3_000_000])(
    'tells the size of %i compressed bytes',
    (length) => {
      const frame = compressFrame(Buffer.alloc(length, 'text'), 19);
      writeFileSync(path, frame);
      expect(inspectStored(path)).toEqual({ length, storedSize: frame.length });
    },
  );

  test.each([0, 3, 100])('takes %i bytes that are no frame as they are', (length) => {
    writeFileSync(path, Buffer.alloc(length, 'text'));
    expect(inspectStored(path)).toEqual({ length, storedSize: length });
  });
});

describe('readBlob', () => {
  const plain = Buffer.alloc(5000, 'some text ');
  const blob = () => ({ path, plainSize: plain.length, digest: sha256(plain) });

  test('gives the plain bytes', () => {
    writeFileSync(path, compress(plain, 3).bytes);
    expect(Buffer.from(readBlob(blob()))).toEqual(plain);
    writeFileSync(path, plain);
    expect(Buffer.from(readBlob(blob()))).toEqual(plain);
  });

  test.each([
    ['is cut', () => compress(plain, 3).bytes.subarray(0, 20)],
    ['holds something else', () => compress(Buffer.alloc(5000, 'other'), 3).bytes],
    ['is larger', () => compress(Buffer.alloc(5001, 'some text '), 3).bytes],
  ])('refuses a blob that %s', (_, bytes) => {
    writeFileSync(path, bytes());
    expect(() => readBlob(blob())).toThrow(expect.objectContaining({ code: 'bad-repository' }));
  });
});
