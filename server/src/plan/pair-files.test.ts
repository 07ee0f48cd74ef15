import { describe, expect, test } from 'vitest';
import { pairFiles, pathShape } from './pair-files.ts';
import { file, manifest } from './test-entries.ts';

type Files = Readonly<Record<string, string>>;

const manifestOf = (version: number, files: Files) =>
  manifest(version, ...Object.entries(files).map(([path, content]) => file(path, content)));

const pairs = (from: Files, to: Files) =>
  pairFiles(manifestOf(1, from), manifestOf(2, to)).pairs.map((pair) => [pair.from.path, pair.to.path]);

describe('pairFiles', () => {
  test.each([
    ['the same path', { a: '1' }, { a: '2' }, [['a', 'a']]],
    ['nothing that is unchanged', { a: '1' }, { a: '1' }, []],
    ['nothing whose content is there under another path', { a: '1', b: '2' }, { a: '2', b: '2' }, []],
    [
      'a version in the name',
      { 'lib-1.2.3.so': '1' },
      { 'lib-1.2.4.so': '2' },
      [['lib-1.2.3.so', 'lib-1.2.4.so']],
    ],
    ['a version in a directory', { 'v1.9/x/a': '1' }, { 'v1.10/x/a': '2' }, [['v1.9/x/a', 'v1.10/x/a']]],
    [
      'a hash in the name',
      { 'app.0badcafe11.js': '1' },
      { 'app.77d0e1f2aa.js': '2' },
      [['app.0badcafe11.js', 'app.77d0e1f2aa.js']],
    ],
    [
      'of several the one of the nearest size',
      { 'x-1': '1', 'x-2': '12345' },
      { 'x-3': '1234' },
      [['x-2', 'x-3']],
    ],
    ['not with a file that stays', { 'x-1': '1' }, { 'x-1': '1', 'x-2': '2' }, []],
    ['each content once', { a: '1', b: '1' }, { a: '2', b: '2' }, [['a', 'a']]],
  ])('pairs %s', (_, from, to, expected) => {
    expect(pairs(from, to)).toEqual(expected);
  });

  test('leaves to contents what paths do not tell', () => {
    const { added, removed } = pairFiles(
      manifestOf(1, { old: '1', kept: 'k' }),
      manifestOf(2, { new: '2', kept: 'k' }),
    );
    expect([added, removed].map((files) => files.map(({ path }) => path))).toEqual([['new'], ['old']]);
  });
});

test.each([
  ['usr/lib/libfoo.so.1.2.3', 'usr/lib/libfoo.so.#'],
  ['python3.11/x_2-1.py', 'python#/x_#.py'],
  ['chunk-deadbeef.js', 'chunk-#.js'],
  ['beef.js', 'beef.js'],
])('the shape of %s is %s', (path, shape) => {
  expect(pathShape(path)).toBe(shape);
});
