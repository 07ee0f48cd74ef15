import { displayPath, parentOf, type RepoPath } from '@swupd/shared';
import { type Entry, type Manifest, sameNode } from './entry.ts';
import { FormatError } from './format-error.ts';

/** All entries of some bundles together, by path, in path order: what a root has to look like. */
export type SystemTree = ReadonlyMap<RepoPath, Entry>;

/**
 * The tree that `manifests` make together. Bundles may share a path when they agree on it; where they differ only in the
 * first member of a hard-link group, the smallest wins.
 * @throws FormatError `path-conflict`; `bad-manifest` where a path lies below something that is no listed directory
 */
export function mergeManifests(manifests: readonly Manifest[]): SystemTree {
  const owners = new Map<RepoPath, { entry: Entry; bundle: string }>();
  for (const { bundle, entries } of manifests) {
    for (const entry of entries) {
      const other = owners.get(entry.path);
      if (other === undefined) owners.set(entry.path, { entry, bundle });
      else if (!sameNode(other.entry, entry)) throw pathConflict(entry.path, other.bundle, bundle);
      else owners.set(entry.path, { entry: preferred(other.entry, entry), bundle });
    }
  }
  const sorted = [...owners.values()].map(({ entry }) => entry).sort((a, b) => (a.path < b.path ? -1 : 1));
  const tree = new Map(sorted.map((entry) => [entry.path, entry]));
  checkParents(tree);
  return tree;
}

export function pathConflict(path: RepoPath, a: string, b: string): FormatError {
  const [first, second] = [a, b].sort();
  return new FormatError(
    'path-conflict',
    `${displayPath(path)} differs between the bundles ${first} and ${second}`,
    {
      details: { path: displayPath(path), bundles: [first, second] },
      hint: `Give the path to one of them only, or to a bundle that both include.`,
    },
  );
}

/** The same choice whatever the order of the bundles: a link before a file of its own, the smaller first member before the larger. */
function preferred(a: Entry, b: Entry): Entry {
  if (a.type !== 'file' || b.type !== 'file' || b.linkTo === undefined) return a;
  return a.linkTo === undefined || b.linkTo < a.linkTo ? b : a;
}

/** Each parent must be listed as a directory: a file "below" a link would be written through it. */
function checkParents(tree: SystemTree): void {
  for (const path of tree.keys()) {
    const parent = parentOf(path);
    const type = parent === undefined ? 'directory' : tree.get(parent)?.type;
    if (type === 'directory') continue;
    throw new FormatError(
      'bad-manifest',
      `${displayPath(path)} lies below ${type === undefined ? 'a path that no bundle has' : `a ${type}`}`,
      {
        details: { path: displayPath(path) },
      },
    );
  }
}
