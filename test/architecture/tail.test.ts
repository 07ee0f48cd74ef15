import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow, PACKAGES, readSources, WORKSPACE } from './import-graph.ts';

/** A file is one idea. Tables of cases may be longer. */
const LONGEST = { source: 300, test: 550 };

test('no source is long', () => {
  const long = readSources().filter(({ text }) => linesOf(text) > LONGEST.source);
  expect(long.map(({ path, text }) => `${path}: ${linesOf(text)}`)).toEqual([]);
});

test('no test is long', () => {
  const folders = [...PACKAGES.map((name) => join(WORKSPACE, name, 'src')), join(WORKSPACE, 'test')];
  const long = folders
    .flatMap(filesBelow)
    .filter((path) => path.endsWith('.ts'))
    .map((path) => ({ path: relative(WORKSPACE, path), lines: linesOf(readFileSync(path, 'utf8')) }))
    .filter(({ lines }) => lines > LONGEST.test);
  expect(long).toEqual([]);
});

test('nothing is left to be done later, skipped, or told to look away', () => {
  const marks = new RegExp(
    ['TO' + 'DO', 'FIX' + 'ME', '@ts-' + 'ignore', '\\.ski' + 'p\\(', '\\.onl' + 'y\\('].join('|'),
  );
  const folders = [...PACKAGES.map((name) => join(WORKSPACE, name, 'src')), join(WORKSPACE, 'test')];
  const marked = folders
    .flatMap(filesBelow)
    .filter((path) => path.endsWith('.ts') && marks.test(readFileSync(path, 'utf8')));
  expect(marked.map((path) => relative(WORKSPACE, path))).toEqual([]);
});

function linesOf(text: string): number {
  return text.split('\n').length - 1;
}
