import { expect, test } from 'vitest';
import { markdownTable, type Table, textTable } from './table.ts';

const TABLE: Table = {
  title: 'Bytes',
  head: ['file', 'new'],
  rows: [
    ['git', '3,713,416'],
    ['a|b', '1'],
  ],
};

test('a terminal gets columns', () => {
  expect(textTable(TABLE)).toBe(
    'Bytes\n---------------\nfile        new\n---------------\ngit   3,713,416\na|b           1\n',
  );
});

test('a page gets cells', () => {
  expect(markdownTable(TABLE)).toBe(
    '**Bytes**\n\n| file | new |\n|---|---:|\n| git | 3,713,416 |\n| a\\|b | 1 |\n',
  );
});

test('a page hides details', () => {
  expect(markdownTable({ ...TABLE, detail: true })).toMatch(
    /^<details><summary>Bytes<\/summary>\n\n\| file [\s\S]*\n\n<\/details>\n$/,
  );
});
