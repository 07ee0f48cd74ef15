import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { snapshotTree, type TreeSnapshot } from '../support/snapshot-tree.ts';

/** What a device has to look like that has these bundles of an image. */
export interface ImageTree {
  readonly nodes: TreeSnapshot;
  /** Sizes of the files. */
  readonly sizes: ReadonlyMap<string, number>;
}

/** Lays the folders of the bundles one over the other. */
export function readImage(image: string, bundles: readonly string[]): ImageTree {
  const trees = bundles.map((bundle) => ({
    top: join(image, bundle),
    nodes: snapshotTree(join(image, bundle)),
  }));
  const sizes = trees.flatMap(({ top, nodes }) =>
    [...nodes]
      .filter(([, { type }]) => type === 'file')
      .map(([path]): [string, number] => [path, lstatSync(join(top, path)).size]),
  );
  return { nodes: new Map(trees.flatMap(({ nodes }) => [...nodes])), sizes: new Map(sizes) };
}

/** Bytes of all files. */
export function contentSize({ sizes }: ImageTree): number {
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/** Bytes of the files in `next` whose content `previous` does not have at that path: what a plain download would bring. */
export function changedSize(previous: Pick<ImageTree, 'nodes'>, next: ImageTree): number {
  const changed = [...next.sizes].filter(
    ([path]) => previous.nodes.get(path)?.content !== next.nodes.get(path)?.content,
  );
  return changed.reduce((sum, [, size]) => sum + size, 0);
}
