import { copyFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectBuild, Scene } from '../support/scene.ts';
import { directory, file, hardLink, symlink, type Tree } from '../support/tree.ts';

/** One row for each way in which a group can change. All rows are in the same pair of builds, each in its own folder. */
const ROWS: Readonly<Record<string, readonly [from: Tree, to: Tree]>> = {
  'content changes': [
    { a: file('1'), b: hardLink('a'), c: hardLink('a') },
    { a: file('2'), b: hardLink('a'), c: hardLink('a') },
  ],
  'mode changes': [
    { a: file('1'), b: hardLink('a') },
    { a: file('1', { mode: 0o600 }), b: hardLink('a') },
  ],
  'a member comes': [
    { a: file('1'), b: hardLink('a') },
    { a: file('1'), b: hardLink('a'), c: hardLink('a') },
  ],
  'a member goes': [
    { a: file('1'), b: hardLink('a'), c: hardLink('a') },
    { a: file('1'), c: hardLink('a') },
  ],
  'the first goes': [
    { a: file('1'), b: hardLink('a'), c: hardLink('a') },
    { b: file('1'), c: hardLink('b') },
  ],
  'a new first comes': [
    { b: file('1'), c: hardLink('b') },
    { a: file('1'), b: hardLink('a'), c: hardLink('a') },
  ],
  'the group splits': [
    { a: file('1'), b: hardLink('a'), c: hardLink('a'), d: hardLink('a') },
    { a: file('1'), b: hardLink('a'), c: file('2'), d: hardLink('c') },
  ],
  'the group splits, all with the same content': [
    { a: file('1'), b: hardLink('a'), c: hardLink('a'), d: hardLink('a') },
    { a: file('1'), b: hardLink('a'), c: file('1'), d: hardLink('c') },
  ],
  'the group dissolves': [
    { a: file('1'), b: hardLink('a') },
    { a: file('1'), b: file('1') },
  ],
  'the group dissolves, and one member changes its mode': [
    { a: file('1'), b: hardLink('a') },
    { a: file('1', { mode: 0o600 }), b: file('1') },
  ],
  'the group dissolves, and the other one changes its mode': [
    { a: file('1'), b: hardLink('a') },
    { a: file('1'), b: file('1', { mode: 0o600 }) },
  ],
  'equal files become a group': [
    { a: file('1'), b: file('1') },
    { a: file('1'), b: hardLink('a') },
  ],
  'different files become a group': [
    { a: file('1'), b: file('2') },
    { a: file('2'), b: hardLink('a') },
  ],
  'two groups merge': [
    { a: file('1'), b: hardLink('a'), c: file('1'), d: hardLink('c') },
    { a: file('1'), b: hardLink('a'), c: hardLink('a'), d: hardLink('a') },
  ],
  'members change sides': [
    { a: file('1'), b: file('2'), c: hardLink('a'), d: hardLink('b') },
    { a: file('1'), b: file('2'), c: hardLink('b'), d: hardLink('a') },
  ],
  'the first becomes a directory': [
    { a: file('1'), b: hardLink('a'), c: hardLink('a') },
    { 'a/x': file('x'), b: file('1'), c: hardLink('b') },
  ],
  'a directory becomes the first': [
    { 'a/x': file('x'), b: file('1'), c: hardLink('b') },
    { a: file('1'), b: hardLink('a'), c: hardLink('a') },
  ],
  'a member becomes a link to the first': [
    { a: file('1'), b: hardLink('a') },
    { a: file('1'), b: symlink('a') },
  ],
  'a link becomes a member': [
    { a: file('1'), b: symlink('a') },
    { a: file('1'), b: hardLink('a') },
  ],
  'across directories': [
    { 'x/a': file('1'), 'y/b': hardLink('x/a') },
    { 'y/b': file('1'), 'z/c': hardLink('y/b'), x: directory() },
  ],
};

test.each(['update', 'reverse'])('groups of hard links follow the build: %s', async (way) => {
  using scene = new Scene();
  const side = (index: 0 | 1): Tree =>
    Object.assign(
      {},
      ...Object.values(ROWS).map((row, number) => below(`row-${number}`, row[index])),
    ) as Tree;
  const [first, second] = way === 'update' ? ([0, 1] as const) : ([1, 0] as const);
  await scene.repository.build(10, { bundles: { 'os-core': side(first) } });
  await scene.repository.build(20, { bundles: { 'os-core': side(second) } });
  const device = scene.device();
  await device.install({ version: 10 });
  await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });
  await device.update();
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
});

test('a group that was torn apart is found and tied again', async () => {
  using scene = new Scene();
  const tree: Tree = { 'usr/a': file('1'), 'usr/b': hardLink('usr/a'), 'usr/c': hardLink('usr/a') };
  await scene.repository.build(10, { bundles: { 'os-core': tree } });
  const device = scene.device();
  await device.install();
  const at = (name: string): string => join(device.root, 'usr', name);
  copyFileSync(at('b'), at('b.new'));
  renameSync(at('b.new'), at('b'));
  expect((await device.diagnose()).findings).toMatchObject([{ path: 'usr/b', problem: 'not-linked' }]);
  await device.repair();
  await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });

  rmSync(at('a'));
  await device.repair();
  await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });
  expect(statSync(at('a')).nlink).toBe(3);
});

function below(folder: string, tree: Tree): Tree {
  return Object.fromEntries(
    Object.entries(tree).map(([path, node]) => [
      `${folder}/${path}`,
      node.type === 'hard-link' ? hardLink(`${folder}/${node.of}`) : node,
    ]),
  );
}
