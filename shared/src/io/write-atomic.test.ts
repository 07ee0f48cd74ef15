import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { syncFileSystem } from './sync-file-system.ts';
import { syncFolder, writeFileAtomic } from './write-atomic.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swupd-write-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('writes a new file, and nothing beside it', () => {
  writeFileAtomic(join(folder, 'a'), Buffer.from('one'), 0o600);
  expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('one');
  expect(statSync(join(folder, 'a')).mode & 0o7777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['a']);
});

test('replaces a file by another one: who has the old one open keeps it', () => {
  const path = join(folder, 'a');
  writeFileSync(path, 'a longer text than the new one');
  const before = statSync(path).ino;
  writeFileAtomic(path, Buffer.from('two'));
  expect(readFileSync(path, 'utf8')).toBe('two');
  expect(statSync(path).ino).not.toBe(before);
});

test('replaces a read-only file', () => {
  const path = join(folder, 'a');
  writeFileSync(path, 'one');
  chmodSync(path, 0o400);
  writeFileAtomic(path, Buffer.alloc(0));
  expect(readFileSync(path, 'utf8')).toBe('');
});

test('what a broken run has left is overwritten', () => {
  writeFileSync(join(folder, 'a.new'), 'left over from before, and longer');
  writeFileAtomic(join(folder, 'a'), Buffer.from('two'));
  expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('two');
  expect(readdirSync(folder)).toEqual(['a']);
});

test('a failure leaves the old file and nothing beside it', () => {
  mkdirSync(join(folder, 'taken/full'), { recursive: true });
  expect(() => writeFileAtomic(join(folder, 'taken'), Buffer.from('x'))).toThrow(
    expect.objectContaining({ code: 'EISDIR' }),
  );
  expect(readdirSync(folder)).toEqual(['taken']);
});

test('a missing folder is an error', () => {
  const path = join(folder, 'missing/a');
  expect(() => writeFileAtomic(path, Buffer.from('x'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  expect(() => syncFolder(join(folder, 'missing'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  expect(existsSync(join(folder, 'missing'))).toBe(false);
});

test('a file system can be synced, by a path and by a descriptor', () => {
  const fd = openSync(folder, 'r');
  expect(() => syncFileSystem(folder)).not.toThrow();
  expect(() => syncFileSystem(fd)).not.toThrow();
  closeSync(fd);
});

test('a sync that fails is not passed over', () => {
  const failed = expect.objectContaining({ code: 'EIO' });
  expect(() => syncFileSystem(join(folder, 'missing'))).toThrow(failed);
});
