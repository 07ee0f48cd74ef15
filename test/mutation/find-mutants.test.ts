import { expect, test } from 'vitest';
import { findMutants } from './find-mutants.ts';
import { applyMutant } from './mutant.ts';

test.each([
  ['a < b;', ['a <= b;', 'a >= b;']],
  ['f(a && b);', ['f(a || b);']],
  ['f(!a);', ['f(a);']],
  ['f(-1);', ['f(1);', 'f(-2);', 'f(-0);']],
  ['i++;', ['i--;']],
  ["f('x');", ["f('');"]],
  ['f([1]);', ['f([]);', 'f([2]);', 'f([0]);']],
  ['f(/^a$/);', ['f(/a$/);', 'f(/^a/);']],
  ['f(/a\\$/);', []],
  ['f(true);', ['f(false);']],
  ['list.every(f);', ['list.some(f);']],
  ['if (a) throw b;', ['if (true) throw b;', 'if (false) throw b;']],
  ['function f() { return a; }', ['function f() { return; }']],
  ['function f() { return undefined; }', []],
  ['for (;;) { continue; }', ['for (;;) { ; }']],
])('%s', (source, expected) => {
  const found = findMutants(source).map((mutant) => applyMutant(source, mutant));
  // Any statement may go, too.
  expect(found.filter((text) => text !== ';')).toEqual(expect.arrayContaining(expected));
  expect(found.filter((text) => text !== ';')).toHaveLength(expected.length);
});

test.each([
  "import { a } from 'b';",
  "export { a } from 'b';",
  "export const a = { hint: 'Do this.', summary: `words` };",
  "export const a = () => new FormatError(code, 'some words', { hint: 'Do that.' });",
  'export const a = () => new TypeError(`some words`);',
])('words for people are nobody’s business: %s', (source) => {
  expect(findMutants(source)).toEqual([]);
});

test('the code of an error is', () => {
  expect(findMutants("f(new FormatError('bad', 'some words'));").map(({ what }) => what)).toContain(
    "'bad' becomes ''",
  );
});
