import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ByteString } from '../byte-string.ts';
import { type FileXattr, readXattrs, writeXattrs } from './xattrs.ts';

const PACKAGE_CACHE = join(import.meta.dirname, '../../.cache');
const xattr = (name: string, value: string): FileXattr => ({
  name: name as ByteString,
  value: value as ByteString,
});

let folder = '';
let file = '';
beforeAll(() => {
  folder = folderWithXattrs();
});
beforeEach(() => {
  file = join(folder, 'file');
  rmSync(file, { force: true });
  writeFileSync(file, 'content');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Some kinds of file system, tmpfs before Linux 6.6 for one, know no `user.*` attributes; the one of the sources does. */
function folderWithXattrs(): string {
  mkdirSync(PACKAGE_CACHE, { recursive: true });
  for (const parent of [tmpdir(), PACKAGE_CACHE]) {
    const candidate = mkdtempSync(join(parent, 'swupd-xattrs-'));
    if (writeXattrs(candidate, [xattr('user.probe', '1')])) {
      writeXattrs(candidate, []);
      return candidate;
    }
    rmSync(candidate, { recursive: true });
  }
  throw new Error('neither file system has extended attributes');
}

test('a fresh file has none', () => {
  expect(readXattrs(file)).toEqual([]);
  expect(writeXattrs(file, [])).toBe(true);
});

test('what was written is read, sorted by name', () => {
  const wanted = [xattr('user.a', ''), xattr('user.b', '\x00\xff\n'), xattr('user.c=d,e', 'x'.repeat(1000))];
  expect(writeXattrs(file, wanted.toReversed())).toBe(true);
  expect(readXattrs(file)).toEqual(wanted);
});

test('what is not wanted is removed, what has changed is replaced', () => {
  writeXattrs(file, [xattr('user.a', '1'), xattr('user.b', '2'), xattr('user.c', '3')]);
  writeXattrs(file, [xattr('user.b', '2'), xattr('user.c', '4')]);
  expect(readXattrs(file)).toEqual([xattr('user.b', '2'), xattr('user.c', '4')]);
  writeXattrs(file, []);
  expect(readXattrs(file)).toEqual([]);
});

test('a capability survives', () => {
  const capability = xattr(
    'security.capability',
    Buffer.from('0100000200040000000000000000000000000000', 'hex').toString('latin1'),
  );
  expect(writeXattrs(file, [capability])).toBe(true);
  expect(readXattrs(file)).toEqual([capability]);
});

test('attributes that describe the machine are neither read nor removed', () => {
  writeXattrs(file, [xattr('trusted.overlay.origin', 'x'), xattr('user.a', '1')]);
  expect(readXattrs(file)).toEqual([xattr('user.a', '1')]);
  writeXattrs(file, []);
  expect(readXattrs(file)).toEqual([]);
});

test('a directory can have them', () => {
  const path = join(folder, 'directory');
  mkdirSync(path);
  writeXattrs(path, [xattr('user.a', '1')]);
  expect(readXattrs(path)).toEqual([xattr('user.a', '1')]);
});

test('a symbolic link is not followed', () => {
  writeXattrs(file, [xattr('user.a', '1')]);
  const link = join(folder, 'link');
  symlinkSync(file, link);
  expect(readXattrs(link)).toEqual([]);
  expect(writeXattrs(link, [xattr('user.b', '2')])).toBe(false);
  expect(readXattrs(file)).toEqual([xattr('user.a', '1')]);
});

test('a file that is not there is an error', () => {
  expect(() => readXattrs(join(folder, 'missing'))).toThrow();
});

test('a file system without attributes gives none', () => {
  expect(readXattrs('/proc/self/status')).toEqual([]);
  expect(writeXattrs('/proc/self/status', [xattr('user.a', '1')])).toBe(false);
});

test('errors have the code of the system', () => {
  const missing = join(folder, 'missing');
  const code = expect.objectContaining({ code: 'ENOENT' });
  expect(() => readXattrs(missing)).toThrow(code);
  expect(() => writeXattrs(missing, [xattr('user.a', 'x')])).toThrow(code);
});
