import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSources, WORKSPACE } from './import-graph.ts';

const SOURCES = readSources();

interface RegisteredCode {
  readonly table: string;
  readonly code: string;
  readonly path: string;
}

/** Every code of every table `…_ERRORS`, read off the sources, so that no table can be forgotten. */
const CODES = SOURCES.flatMap(({ path, text }): RegisteredCode[] =>
  [...text.matchAll(/^export const ([A-Z]+_ERRORS) = \{\n([\s\S]*?)^\}/gm)].flatMap(
    ([, table = '', body = '']) =>
      [...body.matchAll(/^ {2}'?([a-z-]+)'?: \{/gm)].map(([, code = '']) => ({ table, code, path })),
  ),
);

describe('registered error codes', () => {
  test('were found', () => {
    expect(new Set(CODES.map(({ table }) => table)).size).toBeGreaterThanOrEqual(8);
    expect(CODES.length).toBeGreaterThan(60);
  });

  test('are all documented', () => {
    const text = readFileSync(join(WORKSPACE, 'docs/exit-codes.md'), 'utf8');
    expect(CODES.filter(({ code }) => !text.includes(`\`${code}\``))).toEqual([]);
  });

  test('are all in use', () => {
    const unused = CODES.filter(({ code, path }) => {
      const quoted = `'${code}'`;
      const uses = SOURCES.filter((source) => source.path !== path && source.text.includes(quoted));
      const own = SOURCES.find((source) => source.path === path)?.text.split(quoted).length ?? 0;
      return uses.length === 0 && own <= (quoted.includes('-') ? 2 : 1);
    });
    expect(unused.map(({ table, code }) => `${table} ${code}`)).toEqual([]);
  });
});
