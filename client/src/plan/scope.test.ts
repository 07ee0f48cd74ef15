import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dir, file, hardLink, symlink, systemTree, type Tree, treeFrom } from '../test-support.ts';
import { planChanges } from './plan-changes.ts';
import { changedScope, fullScope, widenedScope, withLinkGroups } from './scope.ts';
import { linesOf, observeModel } from './test-model.ts';

const A = file('a');
const B = file('b');
const D = dir();
const arbitraryTree = fc.array(fc.nat(32), { minLength: 8, maxLength: 8 }).map(treeFrom);

describe('the scope of a change', () => {
  const base: Tree = { etc: D, 'etc/a': A, 'etc/b': A, usr: D, 'usr/l': symlink('x') };
  const group: Tree = { d: D, 'd/a': A, 'd/b': hardLink('d/a'), z: hardLink('d/a') };
  const rows: [string, Tree, Tree, string[]][] = [
    ['nothing', base, base, []],
    ['content', base, { ...base, 'etc/a': B }, ['etc', 'etc/a']],
    ['mode', base, { ...base, 'etc/a': file('a', { mode: 0o600 }) }, ['etc', 'etc/a']],
    ['owner', base, { ...base, 'etc/a': file('a', { gid: 77 }) }, ['etc', 'etc/a']],
    ['class', base, { ...base, 'etc/a': file('a', { pathClass: 'config' }) }, ['etc', 'etc/a']],
    ['link target', base, { ...base, 'usr/l': symlink('y') }, ['usr', 'usr/l']],
    ['mode of a directory', base, { ...base, etc: dir({ mode: 0o700 }) }, ['etc']],
    ['new', base, { ...base, 'usr/new': D, 'usr/new/a': A }, ['usr', 'usr/new', 'usr/new/a']],
    ['gone', base, { etc: D, 'etc/a': A }, ['etc', 'etc/b', 'usr', 'usr/l']],
    ['everything', {}, base, Object.keys(base).sort()],
    ['content of a group', group, { ...group, 'd/a': B }, ['d', 'd/a', 'd/b', 'z']],
    ['one more in a group', { d: D, 'd/a': A, 'd/b': hardLink('d/a') }, group, ['d', 'd/a', 'd/b', 'z']],
    ['one less in a group', group, { d: D, 'd/a': A, 'd/b': hardLink('d/a') }, ['z']],
    [
      'a group is dissolved',
      group,
      { d: D, 'd/a': A, 'd/b': hardLink('d/a'), z: A },
      ['d', 'd/a', 'd/b', 'z'],
    ],
    [
      'a group is joined',
      { d: D, 'd/a': A, z: A },
      { d: D, 'd/a': A, z: hardLink('d/a') },
      ['d', 'd/a', 'z'],
    ],
  ];
  test.each(rows)('%s', (_, installed, target, expected) => {
    expect([...changedScope(systemTree(installed, 1), systemTree(target, 2))].sort()).toEqual(expected);
  });

  test('a new version alone is no change', () => {
    expect(changedScope(systemTree(base, 1), systemTree(base, 2))).toEqual(new Set());
  });

  test('on a system as it was installed the changed paths give the plan that all paths give', () => {
    fc.assert(
      fc.property(arbitraryTree, arbitraryTree, (disk, after) => {
        const installed = systemTree(disk);
        const target = systemTree(after);
        const planFor = (paths: Iterable<string>): string[] =>
          linesOf(planChanges({ installed, target, observed: observeModel(disk, paths), purpose: 'update' }));
        expect(planFor(changedScope(installed, target))).toEqual(planFor(fullScope(installed, target)));
      }),
      { numRuns: 1000 },
    );
  });
});

test('all paths of either tree', () => {
  const scope = fullScope(systemTree({ a: A, b: D }), systemTree({ b: D, 'b/c': A }));
  expect([...scope].sort()).toEqual(['a', 'b', 'b/c']);
});

describe('a directory that is none takes all that is below it into the scope', () => {
  const target = systemTree({ d: D, 'd/a': A, 'd/e': D, 'd/e/f': A, 'd-x': A, e: D, 'e/a': A });
  test.each<[string, Parameters<typeof observeModel>[0], string[]]>([
    ['missing', {}, ['d/a', 'd/e', 'd/e/f']],
    ['a link', { d: symlink('e') }, ['d/a', 'd/e', 'd/e/f']],
    ['a file', { d: A }, ['d/a', 'd/e', 'd/e/f']],
    ['there', { d: D }, []],
  ])('%s', (_, disk, expected) => {
    const scope = new Set(['d'] as const) as unknown as ReturnType<typeof changedScope>;
    expect(widenedScope(scope, target, observeModel(disk, ['d']))).toEqual(expected);
  });
});

test('a hard-link group is looked at as a whole', () => {
  const tree = systemTree({ a: A, b: hardLink('a'), d: D, 'd/c': hardLink('a'), x: A });
  const from = (path: string): string[] => [...withLinkGroups(new Set([path]) as never, tree)].sort();
  expect(from('a')).toEqual(['a', 'b', 'd', 'd/c']);
  expect(from('b')).toEqual(['a', 'b', 'd', 'd/c']);
  expect(from('d/c')).toEqual(['a', 'b', 'd', 'd/c']);
  expect(from('x')).toEqual(['x']);
});
