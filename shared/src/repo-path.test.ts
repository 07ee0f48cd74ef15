import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteString } from './byte-string.ts';
import {
  childOf,
  componentsOf,
  displayPath,
  type FileName,
  nameOf,
  parentOf,
  parseRepoPath,
  type RepoPath,
} from './repo-path.ts';

const BAD_PATH = expect.objectContaining({ area: 'path', code: 'bad-path' });

test.each([
  'a',
  'usr/bin/bash',
  '...',
  '..a',
  'a..',
  '.a',
  ' ',
  '-',
  '\xff',
  'a\nb',
  '~',
  `${'n'.repeat(255)}/x`,
  `${'ab/'.repeat(1364)}abc`,
])('%j is a path', (text) => {
  expect(parseRepoPath(text)).toBe(text);
});

test.each([
  '',
  '/',
  '/a',
  '//a',
  'a/',
  'a//b',
  '.',
  '..',
  './a',
  '../a',
  'a/.',
  'a/..',
  'a/./b',
  'a/../b',
  'a\0',
  '\0',
  'n'.repeat(256),
  `a/${'n'.repeat(256)}`,
  `${'ab/'.repeat(1365)}a`,
])('%j is none', (text) => {
  expect(() => parseRepoPath(text)).toThrow(BAD_PATH);
});

const name = fc
  .uint8Array({ minLength: 1, maxLength: 20 })
  .map((bytes) => byteString(bytes).replaceAll(/[/\0]/g, '_'))
  .filter((text) => text !== '.' && text !== '..');
const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => parseRepoPath(names.join('/')));

test('a path is its parent and its name', () => {
  fc.assert(
    fc.property(path, (value) => {
      expect(childOf(parentOf(value), nameOf(value))).toBe(value);
      expect(
        componentsOf(value).reduce<RepoPath | undefined>(
          (parent, component) => childOf(parent, component),
          undefined,
        ),
      ).toBe(value);
      expect(parentOf(value) ?? '').toBe(componentsOf(value).slice(0, -1).join('/'));
    }),
  );
});

test('the message of a hostile path is short and harmless', () => {
  const parse = (): unknown => parseRepoPath(`/\x1b[2J${'x'.repeat(100_000)}`);
  expect(parse).toThrow(expect.objectContaining({ message: expect.not.stringContaining('\x1b') }));
  expect(parse).toThrow(expect.objectContaining({ message: expect.stringMatching(/^.{0,300}$/) }));
});

test('for people, with a slash in front', () => {
  expect(displayPath(childOf('usr' as RepoPath, 'a\n' as FileName))).toBe('/usr/a\\x0a');
});
