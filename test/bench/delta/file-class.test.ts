import { expect, test } from 'vitest';
import type { FileClass } from './bench-pair.ts';
import { classOf, kindOf } from './file-class.ts';

test.each<[string, FileClass]>([
  ['\x7fELF\x02\x01', 'ELF'],
  ['\x7fEL', 'other'],
  ['\x1f\x8b\x08', 'gzip'],
  ['#!/bin/sh', 'other'],
  ['', 'other'],
])('a file that starts with %j is %s', (head, expected) => {
  expect(classOf(Buffer.from(head, 'latin1'))).toBe(expected);
});

test.each<[string, FileClass, string]>([
  ['usr/lib/libcrypto.so.3', 'ELF', '.so'],
  ['usr/lib/a.so', 'ELF', '.so'],
  ['usr/bin/git', 'ELF', 'program'],
  ['usr/bin/python3.11', 'ELF', 'program'],
  ['usr/lib/skia.node', 'ELF', '.node'],
  ['usr/share/man/man1/git.1.gz', 'gzip', '.gz'],
  ['usr/lib/node_modules/typescript/lib/_tsc.js', 'other', '.js'],
  ['etc/.profile', 'other', 'none'],
  ['etc/os-release', 'other', 'none'],
  ['usr/share/perl/5.36.0', 'other', 'none'],
])('%s of class %s is of kind %s', (path, own, expected) => {
  expect(kindOf(path, own)).toBe(expected);
});
