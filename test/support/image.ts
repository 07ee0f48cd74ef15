import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NodeSnapshot, snapshotTree, type TreeSnapshot } from './snapshot-tree.ts';
import type { Tree } from './tree.ts';
import { writeTree } from './write-tree.ts';

/** The input of one build: a tree for each bundle, and `bundles.toml`. */
export interface ImageLiteral {
  readonly bundles: Readonly<Record<string, Tree>>;
  readonly toml?: string;
}

/** Writes the image anew into `folder`, as a build system does. */
export function writeImage(folder: string, { bundles, toml }: ImageLiteral): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, tree] of Object.entries(bundles)) writeTree(join(folder, name), tree);
  if (toml !== undefined) writeFileSync(join(folder, 'bundles.toml'), toml);
}

/** What a device that has `bundles` of the image has to look like. */
export function expectedTree(folder: string, bundles: readonly string[]): TreeSnapshot {
  const merged = new Map<string, NodeSnapshot>();
  for (const name of bundles) {
    for (const [path, node] of snapshotTree(join(folder, name))) {
      const group = node.group === '' ? (merged.get(path)?.group ?? '') : node.group;
      merged.set(path, { ...node, group });
    }
  }
  return new Map([...merged].sort(([a], [b]) => (a < b ? -1 : 1)));
}
