import fc from 'fast-check';
import { directory, file, hardLink, symlink, type Tree, type TreeNode } from '../support/tree.ts';

/** Few names and two levels, so that a path has another type in nearly every tree. */
const NAMES = ['a', 'b', 'c\n', '\xe9'];
const PATHS = NAMES.flatMap((name) => [name, ...NAMES.map((child) => `${name}/${child}`)]);

const metadata = fc.record({
  mode: fc.constantFrom(0o644, 0o600, 0o755, 0o4755),
  uid: fc.constantFrom(0, 0, 7),
  gid: fc.constantFrom(0, 0, 8),
});

const content = fc.constantFrom('', 'x', 'y', 'the same content in many places', 'z'.repeat(5000));

const node: fc.Arbitrary<TreeNode | 'link to another file'> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(content, metadata).map(([text, meta]) => file(text, meta)) },
  { weight: 2, arbitrary: metadata.map((meta) => directory({ ...meta, mode: 0o755 })) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('a', '.', '..', 'b/a', '/no/such').map((target) => symlink(target)),
  },
  { weight: 2, arbitrary: fc.constant('link to another file' as const) },
);

/** A tree that can be written: what lies below a file or link is left out, and so is a hard link without a file before it. */
export const arbitraryTree: fc.Arbitrary<Tree> = fc
  .array(fc.tuple(fc.constantFrom(...PATHS), node), { maxLength: 12 })
  .map((pairs) => {
    const tree: Record<string, TreeNode> = {};
    const chosen = new Map(pairs);
    for (const path of [...chosen.keys()].sort()) {
      const parent = path.split('/').slice(0, -1).join('/');
      const above = tree[parent];
      if (above !== undefined && above.type !== 'directory') continue;
      const wanted = chosen.get(path);
      if (wanted === 'link to another file') {
        const first = Object.entries(tree).find(([, other]) => other.type === 'file');
        if (first !== undefined) tree[path] = hardLink(first[0]);
      } else if (wanted !== undefined) tree[path] = wanted;
    }
    return tree;
  });

/** The tree below `folder`, links to other files included. */
export function below(folder: string, tree: Tree): Tree {
  return Object.fromEntries(
    Object.entries(tree).map(([path, item]) => [
      `${folder}/${path}`,
      item.type === 'hard-link' ? hardLink(`${folder}/${item.of}`) : item,
    ]),
  );
}
