import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesPath } from './match-path.ts';

test.each([
  ['stable/*/mom', 'stable/10/mom', true],
  ['stable/*/mom', 'stable/mom', false],
  ['stable/*/mom', 'stable/10/x/mom', false],
  ['stable/*/mom', 'stable//mom', true],
  ['stable/*/mom', 'beta/10/mom', false],
  ['stable/*/mom', 'stable/10/mom2', false],
  ['*', 'a', true],
  ['*', '', true],
  ['*', 'a/b', false],
  ['', '', true],
  ['', 'a', false],
  ['a', '', false],
  ['a?c', 'abc', true],
  ['a?c', 'a/c', false],
  ['a?', 'a', false],
  ['?', '', false],
  ['a', 'ab', false],
  ['ab', 'a', false],
  ['a*', 'a', true],
  ['a**', 'a', true],
  ['*a', 'ba', true],
  ['*ab', 'aab', true],
  ['a*b*c', 'aXbXbXc', true],
  ['a*b*c', 'aXcXb', false],
  ['aba*aba', 'ababa', false],
  ['*.py', 'x.pyc', false],
  ['A', 'a', false],
  ['[ab]', 'a', false],
  ['a.c', 'abc', false],
])('%s covers %s: %s', (pattern, path, expected) => {
  expect(matchesPath(pattern, path)).toBe(expected);
});

test('the same verdict as a regular expression', () => {
  const letters = (...all: string[]) => fc.string({ unit: fc.constantFrom(...all), maxLength: 8 });
  fc.assert(
    fc.property(letters('a', 'b', '*', '?', '/'), letters('a', 'b', '/'), (pattern, path) => {
      const expression = pattern.replaceAll('*', '[^/]*').replaceAll('?', '[^/]');
      expect(matchesPath(pattern, path)).toBe(new RegExp(`^${expression}$`).test(path));
    }),
    { numRuns: 2000, seed: 5 },
  );
});

test('a pattern made to take long takes no time', () => {
  const started = performance.now();
  expect(matchesPath(`${'*a'.repeat(5000)}b`, 'a'.repeat(10_000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(5000);
});
