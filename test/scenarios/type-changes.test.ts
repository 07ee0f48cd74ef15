import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectBuild, expectSameTree, Scene } from '../support/scene.ts';
import { directory, file, hardLink, symlink, type Tree } from '../support/tree.ts';

/** What a path can be, as the nodes that it takes; `other` is a file beside it for links to lead to. */
const KINDS: Readonly<Record<string, (path: string) => Tree>> = {
  nothing: () => ({}),
  file: (path) => ({ [path]: file(`content of ${path}`) }),
  'empty-file': (path) => ({ [path]: file('') }),
  'empty-directory': (path) => ({ [path]: directory({ mode: 0o700 }) }),
  directory: (path) => ({ [`${path}/deep/file`]: file(path), [`${path}/link`]: symlink('deep') }),
  symlink: (path) => ({ [path]: symlink('other') }),
  'link-to-dot': (path) => ({ [path]: symlink('.') }),
  'link-up': (path) => ({ [path]: symlink('../..') }),
  dangling: (path) => ({ [path]: symlink('/no/such/file') }),
  'hard-link': (path) => ({ [path]: hardLink('t/other') }),
};

const PAIRS = Object.keys(KINDS).flatMap((from) => Object.keys(KINDS).map((to) => ({ from, to })));

function treeOf(side: 'from' | 'to'): Tree {
  const nodes = PAIRS.map((pair) => KINDS[pair[side]]?.(`t/${pair.from}-to-${pair.to}`) ?? {});
  return Object.assign({ 't/other': file('the other file') }, ...nodes) as Tree;
}

test('a path becomes anything else, in all directions', async () => {
  using scene = new Scene();
  await scene.repository.build(10, { bundles: { 'os-core': treeOf('from') } });
  await scene.repository.build(20, { bundles: { 'os-core': treeOf('to') } });
  const device = scene.device();
  await device.install({ version: 10 });
  await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });
  expect(await device.update()).toMatchObject({ kind: 'updated', notices: [] });
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
});

test('an install and a repair put each kind in the place of each other one', async () => {
  using scene = new Scene();
  await scene.repository.build(10, { bundles: { 'os-core': treeOf('from') } });
  await scene.repository.build(20, { bundles: { 'os-core': treeOf('to') } });
  const device = scene.device();
  await device.install({ version: 10 });
  const result = await device.install({ version: 20, force: true });
  // Nothing is known of what was there, so all that differs in type or content was kept.
  const kept = new Set(result.outcome.notices.map(({ path }) => path as string));
  expect(kept.size).toBeGreaterThan(20);
  expect((await device.diagnose()).findings).toEqual([]);
});

test("a user's file in a directory that becomes a file is kept aside, and said", async () => {
  using scene = new Scene();
  const tree = (node: Tree): Tree => ({ 'usr/keep': file('k'), ...node });
  await scene.repository.build(10, { bundles: { 'os-core': tree({ 'usr/spot/ours': file('ours') }) } });
  await scene.repository.build(20, { bundles: { 'os-core': tree({ 'usr/spot': file('a file now') }) } });
  const device = scene.device();
  await device.install({ version: 10 });
  writeFileSync(join(device.root, 'usr/spot/mine'), 'precious');
  const result = await device.update();
  expect(result).toMatchObject({ notices: [{ path: 'usr/spot', reason: 'kept-aside' }] });
  expect(readFileSync(join(device.root, 'usr/spot.kept-1/mine'), 'utf8')).toBe('precious');
  expectSameTree(
    device.snapshot({ except: ['usr/spot.kept-1'] }),
    scene.repository.expected(20, ['os-core']),
  );
});

test('what is not ours and in the way of a new path is kept aside, and said', async () => {
  using scene = new Scene();
  await scene.repository.build(10, { bundles: { 'os-core': { 'usr/a': file('a') } } });
  const news: Tree = {
    'usr/a': file('a'),
    'usr/new-file': file('new'),
    'usr/new-dir/x': file('x'),
    'usr/new-link': symlink('a'),
  };
  await scene.repository.build(20, { bundles: { 'os-core': news } });
  const device = scene.device();
  await device.install({ version: 10 });
  mkdirSync(join(device.root, 'usr/new-file'));
  writeFileSync(join(device.root, 'usr/new-file/mine'), 'one');
  writeFileSync(join(device.root, 'usr/new-dir'), 'two');
  writeFileSync(join(device.root, 'usr/new-link'), 'three');
  const result = await device.update();
  expect(result).toMatchObject({
    notices: ['usr/new-dir', 'usr/new-file', 'usr/new-link'].map((path) => ({ path, reason: 'kept-aside' })),
  });
  const kept = ['usr/new-file.kept-1/mine', 'usr/new-dir.kept-1', 'usr/new-link.kept-1'];
  expect(kept.map((path) => readFileSync(join(device.root, path), 'utf8'))).toEqual(['one', 'two', 'three']);
  const except = ['usr/new-file.kept-1', 'usr/new-dir.kept-1', 'usr/new-link.kept-1'];
  expectSameTree(device.snapshot({ except }), scene.repository.expected(20, ['os-core']));
});

test('a directory that goes stays where it holds what is not ours', async () => {
  using scene = new Scene();
  await scene.repository.build(10, {
    bundles: { 'os-core': { 'usr/a': file('a'), 'usr/gone/deep/b': file('b') } },
  });
  await scene.repository.build(20, { bundles: { 'os-core': { 'usr/a': file('a') } } });
  const device = scene.device();
  await device.install({ version: 10 });
  writeFileSync(join(device.root, 'usr/gone/mine'), 'precious');
  expect(await device.update()).toMatchObject({
    notices: [{ path: 'usr/gone', reason: 'directory-not-empty' }],
  });
  expect(readFileSync(join(device.root, 'usr/gone/mine'), 'utf8')).toBe('precious');
  expectSameTree(device.snapshot({ except: ['usr/gone'] }), scene.repository.expected(20, ['os-core']));
});
