import type { Mom, MomBundle } from '@swupd/manifests';
import type { BundleName, Digest } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../test-support.ts';
import {
  addedBundles,
  orphansOf,
  type RecordBundles,
  removedBundles,
  updatedBundles,
  withOptional,
} from './select-bundles.ts';

const names = (text: string): BundleName[] => (text === '' ? [] : (text.split(' ') as BundleName[]));

/** `name: includes | also-add`, one a line. */
function momOf(...lines: string[]): Mom {
  const digest = '0'.repeat(64) as Digest;
  const bundles = lines.map((line): MomBundle => {
    const [name = '', rest = ''] = line.split(/: ?/);
    const [includes = '', alsoAdd = ''] = rest.split(/ ?\| ?/);
    return {
      name: name as BundleName,
      version: 10,
      manifest: { digest, size: 1, storedDigest: digest, storedSize: 1 },
      entries: 0,
      contentSize: 0,
      includes: names(includes),
      alsoAdd: names(alsoAdd),
      description: '',
      packs: [],
      differences: [],
      deltaIndex: undefined,
    };
  });
  return { version: 10, previous: 0, time: 0, bundles };
}

/** `name` as a dependency, `name*` as tracked. */
const record = (text: string): RecordBundles =>
  names(text).map((name) => ({ name: name.replace('*', '') as BundleName, tracked: name.endsWith('*') }));
const show = (bundles: RecordBundles): string =>
  bundles.map(({ name, tracked }) => name + (tracked ? '*' : '')).join(' ');

const MOM = momOf(
  'a: b c',
  'b: d',
  'base',
  'c',
  'd',
  'loop1: loop2',
  'loop2: loop1',
  'optional: c | d',
  'os-core: base',
  'proposes: | optional',
);

test.each([
  ['a', 'a b base c d os-core'],
  ['', 'base os-core'],
  ['optional', 'base c d optional os-core'],
  ['proposes', 'base c d optional os-core proposes'],
  ['loop1', 'base loop1 loop2 os-core'],
])('%s with what it includes and proposes: %s', (asked, expected) => {
  expect(withOptional(MOM, names(asked)).join(' ')).toBe(expected);
});

test('proposals may go in a circle', () => {
  const mom = momOf('a: | b', 'b: | a', 'os-core: | a');
  expect(withOptional(mom, ['b'])).toEqual(['a', 'b', 'os-core']);
});

test('an unknown bundle is refused', async () => {
  expect(await codeOf(() => withOptional(MOM, ['nothing']))).toBe('unknown-bundle');
});

test.each([
  ['os-core', 'a', 'os-core a b', 'a* b os-core'],
  ['os-core b', 'b', 'b os-core', 'b* os-core'],
  ['os-core b*', 'a', 'a b os-core', 'a* b* os-core'],
  ['', 'a', 'a b os-core', 'a* b os-core'],
])('%s and %s: %s', (before, asked, all, expected) => {
  expect(show(addedBundles(record(before), names(asked), names(all)))).toBe(expected);
});

describe('after an update', () => {
  test.each([
    ['stays', 'a* b c d base os-core', 'a* b base c d os-core', ''],
    ['brings what the new build includes', 'a* os-core', 'a* b base c d os-core', ''],
    ['leaves what nothing needs any more', 'c d* os-core', 'base c d* os-core', ''],
    ['drops what the new build does not have', 'gone* c os-core older', 'base c os-core', 'gone older'],
  ])('%s', (_, before, expected, dropped) => {
    const result = updatedBundles(record(before), MOM);
    expect([show(result.bundles), result.dropped.join(' ')]).toEqual([expected, dropped]);
  });
});

describe('removal', () => {
  const rows: [string, string, string, { force?: boolean; recursive?: boolean }, string][] = [
    ['one that nothing needs', 'a* b c d base os-core', 'a', {}, 'a'],
    ['several', 'a* b c d base os-core', 'a b', {}, 'a b'],
    ['one that another needs', 'a* b c d base os-core', 'b', {}, 'bundle-required'],
    ['one that another needs indirectly', 'a* b c d base os-core', 'd', {}, 'bundle-required'],
    ['one that another needs, by force', 'a* b c d base os-core', 'd', { force: true }, 'a b d'],
    ['with its dependencies', 'a* b c d base os-core', 'a', { recursive: true }, 'a b c d'],
    [
      'with those of its dependencies that nobody asked for',
      'a* b c* d base os-core',
      'a',
      { recursive: true },
      'a b d',
    ],
    [
      'with those that nothing else needs',
      'a* b c d base optional* os-core',
      'a',
      { recursive: true },
      'a b d',
    ],
    ['with its own orphans only', 'a* b c d base loop1 os-core', 'a', { recursive: true }, 'a b c d'],
    ['one of a circle', 'loop1* loop2 base os-core', 'loop1', {}, 'bundle-required'],
    ['one of a circle by force', 'loop1* loop2 base os-core', 'loop1', { force: true }, 'loop1 loop2'],
    ['a whole circle', 'loop1* loop2 base os-core', 'loop1 loop2', {}, 'loop1 loop2'],
    ['one that is only proposed', 'optional* c d base os-core', 'd', {}, 'd'],
    ['one that is not installed', 'c* base os-core', 'd', {}, 'bundle-not-installed'],
    ['the system', 'c* base os-core', 'os-core', { force: true }, 'bundle-required'],
    ['what the system needs', 'c* base os-core', 'base', { force: true }, 'bundle-required'],
    ['what the system needs, when somebody has asked for it', 'base* os-core', 'base', {}, 'bundle-required'],
  ];
  test.each(rows)('%s', async (_, before, asked, { force = false, recursive = false }, expected) => {
    let result = '';
    const code = await codeOf(() => {
      result = removedBundles(MOM, record(before), names(asked), { force, recursive }).join(' ');
    });
    expect(code ?? result).toBe(expected);
  });
});

test.each([
  ['a* b c d base os-core', ''],
  ['a b c d base os-core', 'a b c d'],
  ['b* c d base os-core', 'c'],
  ['loop1 loop2 base os-core', 'loop1 loop2'],
])('orphans of %s: %s', (before, expected) => {
  expect(orphansOf(MOM, record(before)).join(' ')).toBe(expected);
});
