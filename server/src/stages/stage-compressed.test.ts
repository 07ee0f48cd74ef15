import { createCipheriv } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compress } from '@swupd/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { noise } from '../test-build.ts';
import { stageCompressed } from './stage-compressed.ts';

const MIB = 1024 * 1024;
const LEVEL = 3;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swupd-stage-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Nothing that a compressor can use. */
const hashes = (size: number): Buffer =>
  createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(size));
const lines = (size: number): Buffer => Buffer.from(noise(size, 7)).subarray(0, size);

test.each([
  ['small', lines(1000)],
  ['as a stream', lines(9 * MIB + 1)],
  ['of full blocks only', lines(9 * MIB)],
  ['one byte less', lines(9 * MIB - 1)],
  ['that can not be compressed', hashes(9 * MIB + 1)],
])('stages content %s as compress stores it', async (_, plain) => {
  const path = join(folder, 'deep/frame');
  const { bytes } = compress(plain, LEVEL);
  expect(await stageCompressed(path, plain, LEVEL)).toBe(bytes.length);
  expect(readFileSync(path).equals(bytes)).toBe(true);
  expect(readdirSync(join(folder, 'deep'))).toEqual(['frame']);
});
