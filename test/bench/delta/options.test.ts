import { expect, test } from 'vitest';
import { parseDeltaOptions } from './options.ts';

const parse = (...args: string[]) => parseDeltaOptions(args, '/cache');

test('without arguments everything runs, with all caches in one folder', () => {
  const { trees, work, parts, pairs, files, timed } = parse();
  expect({ trees, work }).toEqual({ trees: '/cache/trees', work: '/cache/bench-delta' });
  expect([...parts]).toEqual(['trees', 'foreign', 'times', 'wire']);
  expect([pairs, files]).toEqual([undefined, undefined]);
  expect(timed).toEqual(['node', 'biome', 'esbuild']);
});

test('parts keep their order, names are lists', () => {
  expect([...parse('--parts', 'wire,trees').parts]).toEqual(['trees', 'wire']);
  expect(parse('--pairs', 'git,node').pairs).toEqual(['git', 'node']);
  expect(parse('/old', '/new').files).toEqual(['/old', '/new']);
});

test.each([
  ['--parts', 'times,none'],
  ['--jobs', '0'],
  ['--jobs', 'many'],
  ['/old'],
  ['/a', '/b', '/c'],
  ['--no'],
])('%s %s %s is refused', (...args) => {
  expect(() => parse(...args)).toThrow();
});
