import type { BundleName } from '@swupd/shared';
import { expect, test } from 'vitest';
import { type BundleLinks, bundleClosure, findBundle } from './bundle-closure.ts';
import type { Mom } from './mom.ts';

const links = (tree: Readonly<Record<string, readonly string[]>>): BundleLinks[] =>
  Object.entries(tree).map(([name, includes]) => ({
    name: name as BundleName,
    includes: includes as BundleName[],
  }));

test.each<[string, Record<string, string[]>, string[], string[]]>([
  ['nothing asked for', { 'os-core': [], a: [] }, [], ['os-core']],
  ['one', { 'os-core': [], a: [], b: [] }, ['a'], ['a', 'os-core']],
  ['one that includes', { 'os-core': [], a: ['b'], b: [] }, ['a'], ['a', 'b', 'os-core']],
  ['a chain', { 'os-core': [], a: ['b'], b: ['c'], c: [] }, ['a'], ['a', 'b', 'c', 'os-core']],
  [
    'a diamond',
    { 'os-core': [], a: ['b', 'c'], b: ['d'], c: ['d'], d: [] },
    ['a'],
    ['a', 'b', 'c', 'd', 'os-core'],
  ],
  ['a circle', { 'os-core': ['b'], a: ['b'], b: ['a', 'b'] }, ['a'], ['a', 'b', 'os-core']],
  ['the same twice', { 'os-core': [], a: [] }, ['a', 'a', 'os-core'], ['a', 'os-core']],
])('%s', (_, tree, names, expected) => {
  expect(bundleClosure(links(tree), names)).toEqual(expected);
});

test.each<[string, Record<string, string[]>, string[]]>([
  ['asked for', { 'os-core': [] }, ['missing']],
  ['included', { 'os-core': [], a: ['missing'] }, ['a']],
  ['that every object has as a property', { 'os-core': [] }, ['constructor']],
])('an unknown bundle that is %s', (_, tree, names) => {
  expect(() => bundleClosure(links(tree), names)).toThrow(
    expect.objectContaining({ code: 'unknown-bundle', exit: 3 }),
  );
});

test('a build without os-core can not be installed', () => {
  expect(() => bundleClosure(links({ a: [] }), ['a'])).toThrow(
    expect.objectContaining({ code: 'unknown-bundle', details: { bundle: 'os-core' } }),
  );
});

test('a long chain needs no stack', () => {
  const tree = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, i) => [`b${i}`, i === 0 ? [] : [`b${i - 1}`]]),
  );
  expect(bundleClosure(links({ ...tree, 'os-core': ['b19999'] }), []).length).toBe(20_001);
});

test('findBundle', () => {
  const mom: Mom = { version: 1, previous: 0, time: 0, bundles: [] };
  expect(() => findBundle(mom, 'a')).toThrow(
    expect.objectContaining({ code: 'unknown-bundle', details: { bundle: 'a' } }),
  );
});
