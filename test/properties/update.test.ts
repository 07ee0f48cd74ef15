import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectBuild, expectSameTree, Scene } from '../support/scene.ts';
import { compareTrees } from '../support/snapshot-tree.ts';
import { file, type Tree } from '../support/tree.ts';
import { arbitraryTree, below } from './arbitrary-tree.ts';

/** Each run builds so many pairs of trees at once, each pair below a folder of its own: a build costs more than a tree. */
const PAIRS = 8;
const RUNS = { numRuns: 7, interruptAfterTimeLimit: 90_000 };
const TIMEOUT = 120_000;

function together(trees: readonly Tree[]): Tree {
  const all = trees.map((tree, number) => below(`pair-${number}`, tree));
  return Object.assign({ always: file('there') }, ...all) as Tree;
}

test(
  'whatever is installed, an update makes it into whatever is next',
  async () => {
    const pairs = fc.array(fc.tuple(arbitraryTree, arbitraryTree), { minLength: PAIRS, maxLength: PAIRS });
    await fc.assert(
      fc.asyncProperty(pairs, async (chosen) => {
        using scene = new Scene();
        const trees = [chosen.map(([a]) => a), chosen.map(([, b]) => b)].map(together);
        for (const [i, tree] of trees.entries())
          await scene.repository.build(10 * (i + 1), { bundles: { 'os-core': tree } });
        const device = scene.device();
        await device.install({ version: 10 });
        await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });
        await device.update();
        await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
      }),
      RUNS,
    );
  },
  TIMEOUT,
);

test(
  'bundles come and go in any order, and leave what they are together',
  async () => {
    const bundles = fc.array(arbitraryTree, { minLength: 4, maxLength: 4 });
    const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(3)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(bundles, steps, async (trees, orders) => {
        using scene = new Scene();
        const names = trees.map((_, number) => `bundle-${number}`);
        // Bundles share a folder and a file, and have another one each.
        const shared: Tree = { 'shared/file': file('shared') };
        const image = Object.fromEntries(
          trees.map((tree, number) => [names[number] ?? '', { ...shared, ...below(`own-${number}`, tree) }]),
        );
        await scene.repository.build(10, { bundles: { 'os-core': { always: file('there') }, ...image } });
        const device = scene.device();
        await device.install();
        const installed = new Set(['os-core']);
        for (const [adds, number] of orders) {
          const name = names[number] ?? '';
          if (adds) await device.add([name]);
          else if (installed.has(name)) await device.remove([name]);
          if (adds) installed.add(name);
          else installed.delete(name);
          expectSameTree(device.snapshot(), scene.repository.expected(10, [...installed].sort()));
        }
        expect(compareTrees(scene.repository.expected(10, [...installed]), device.snapshot())).toEqual([]);
      }),
      RUNS,
    );
  },
  TIMEOUT,
);
