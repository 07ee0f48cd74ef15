import type { Entry } from '@swupd/manifests';
import type { BundleName } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { subtractIncludes } from './subtract-includes.ts';
import { file, folder } from './test-entries.ts';

const bundle = (name: string, includes: string[], ...entries: Entry[]) => ({
  name: name as BundleName,
  includes: includes as BundleName[],
  entries,
});

/** The paths that stay, by bundle. */
function left(...bundles: ReturnType<typeof bundle>[]): Record<string, string[]> {
  const own = subtractIncludes(bundles);
  return Object.fromEntries(bundles.map(({ name }, i) => [name, (own[i] ?? []).map(({ path }) => path)]));
}

describe('subtractIncludes', () => {
  test.each([
    [
      'os-core is included by all',
      [bundle('a', [], folder('usr'), file('usr/x', 'x')), bundle('os-core', [], folder('usr'))],
      { a: ['usr/x'], 'os-core': ['usr'] },
    ],
    [
      'through other bundles',
      [
        bundle('a', ['b'], file('x', 'x')),
        bundle('b', ['c']),
        bundle('c', [], file('x', 'x')),
        bundle('os-core', []),
      ],
      { a: [], b: [], c: ['x'], 'os-core': [] },
    ],
    [
      'bundles that are not related keep both',
      [bundle('a', [], file('x', 'x')), bundle('b', [], file('x', 'x')), bundle('os-core', [])],
      { a: ['x'], b: ['x'], 'os-core': [] },
    ],
    [
      'of bundles that include each other the first keeps it',
      [bundle('a', ['b'], file('x', 'x')), bundle('b', ['a'], file('x', 'x')), bundle('os-core', [])],
      { a: ['x'], b: [], 'os-core': [] },
    ],
    [
      'os-core keeps it although it includes the other',
      [bundle('a', [], file('x', 'x')), bundle('os-core', ['a'], file('x', 'x'))],
      { a: [], 'os-core': ['x'] },
    ],
  ])('%s', (_, bundles, expected) => {
    expect(left(...bundles)).toEqual(expected);
  });

  test.each([
    ['content', file('x', 'one'), file('x', 'two')],
    ['mode', file('x', 'one'), file('x', 'one', { mode: 0o755 })],
    ['owner', file('x', 'one'), file('x', 'one', { uid: 7 })],
    ['type', file('x', 'one'), folder('x')],
    ['mode of a directory', folder('x'), folder('x', 0o700)],
  ])('refuses two bundles that differ in %s', (_, one, other) => {
    const error = expect.objectContaining({
      code: 'path-conflict',
      details: { path: '/x', bundles: ['a', 'os-core'] },
    });
    expect(() => subtractIncludes([bundle('a', [], one), bundle('os-core', [], other)])).toThrow(error);
  });
});
