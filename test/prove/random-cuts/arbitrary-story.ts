import fc from 'fast-check';
import type { TestBuild } from '../../../client/src/test-repository.ts';
import type { TestNode, Tree } from '../../../client/src/test-support.ts';
import { arbitraryTree, below } from '../../properties/arbitrary-tree.ts';
import type { Tree as ImageTree, TreeNode } from '../../support/tree.ts';
import { ADD, EXTRA, INSTALL, REMOVE, REPAIR, ROLLBACK, UPDATE } from '../system/commands.ts';
import type { Command } from '../system/run-client.ts';
import { LAYOUTS, type LayoutName, type Story } from '../system/story.ts';

/** Some command on a device with some tree, where the user may have changed something. */
export const arbitraryStory: fc.Arbitrary<{ readonly story: Story; readonly layout: LayoutName }> = fc
  .record({
    kind: fc.constantFrom('install', 'update', 'update', 'update', 'add', 'remove', 'repair', 'rollback'),
    trees: fc.tuple(arbitraryTree, arbitraryTree, arbitraryTree),
    offers: fc.constantFrom({}, { packs: true }, { looseDeltas: true }, { packs: true, differences: true }),
    planted: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: arbitraryTree }),
    layout: fc.constantFrom(...(Object.keys(LAYOUTS) as LayoutName[])),
  })
  .map(({ kind, trees, offers, planted, layout }) => {
    const [ten, twenty, extra] = trees;
    const builds = [buildOf(10, ten, extra, {}), buildOf(20, twenty, extra, offers)];
    return { layout, story: { ...storyOf(kind), builds, planted: clientTree(below('usr', planted)) } };
  });

type Beginning = Pick<Story, 'name' | 'commands' | 'command' | 'doneCodes' | 'back'>;

function storyOf(kind: string): Beginning {
  const installed: readonly [number, Command] = [10, INSTALL];
  switch (kind) {
    case 'install':
      return { name: kind, commands: [], command: INSTALL, doneCodes: ['already-installed'] };
    case 'add':
      return { name: kind, commands: [installed], command: ADD };
    case 'remove':
      return {
        name: kind,
        commands: [installed, [10, ADD]],
        command: REMOVE,
        doneCodes: ['bundle-not-installed'],
      };
    case 'repair':
      return { name: kind, commands: [installed], command: REPAIR };
    case 'rollback':
      return {
        name: kind,
        commands: [installed, [20, UPDATE]],
        command: ROLLBACK,
        doneCodes: ['nothing-kept'],
      };
    default:
      return { name: kind, commands: [installed], command: UPDATE, back: ROLLBACK };
  }
}

function buildOf(version: number, core: ImageTree, extra: ImageTree, offers: Partial<TestBuild>): TestBuild {
  // In two places, so that each content is needed twice, on a device with several file systems on both.
  const twice = clientTree({ ...below('boot', core), ...below('usr', core) });
  const bundles = { 'os-core': { tree: twice }, [EXTRA]: { tree: clientTree(below('extra', extra)) } };
  return { version, bundles, ...offers };
}

/** The same tree in the terms of the client's own tests: parents first, all of them named. */
function clientTree(tree: ImageTree): Tree {
  const nodes: Record<string, TestNode> = {};
  for (const [path, node] of Object.entries(tree)) {
    const names = path.split('/');
    for (let depth = 1; depth < names.length; depth++)
      nodes[names.slice(0, depth).join('/')] ??= { type: 'directory' };
    nodes[path] = clientNode(node);
  }
  return nodes;
}

function clientNode(node: TreeNode): TestNode {
  switch (node.type) {
    case 'file':
      return { ...node, content: Buffer.from(node.content).toString('latin1') };
    case 'hard-link':
      return { type: 'link', leader: node.of };
    default:
      return node;
  }
}
