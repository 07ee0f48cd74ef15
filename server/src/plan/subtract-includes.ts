import { type BundleLinks, bundleClosure, type Entry, pathConflict, sameNode } from '@swupd/manifests';
import { type BundleName, OS_CORE, type RepoPath } from '@swupd/shared';

/** A bundle with all that its folder has. */
export interface WholeBundle extends BundleLinks {
  readonly entries: readonly Entry[];
}

interface Owner {
  readonly bundle: BundleName;
  readonly entry: Entry;
}

/**
 * The entries that stay in each bundle, in the order of `bundles`: those that no included bundle has as well. `os-core` is
 * included by all. Where bundles include each other, the entry stays in os-core, otherwise in the one whose name sorts first.
 * @throws FormatError `path-conflict` where two bundles, related or not, differ at a path
 */
export function subtractIncludes(bundles: readonly WholeBundle[]): (readonly Entry[])[] {
  const owners = ownersByPath(bundles);
  const closures = new Map(bundles.map(({ name }) => [name, new Set(bundleClosure(bundles, [name]))]));
  const includes = (a: BundleName, b: BundleName): boolean => closures.get(a)?.has(b) === true;
  const yieldsTo = (a: BundleName, b: BundleName): boolean =>
    a !== b && includes(a, b) && (!includes(b, a) || isBefore(b, a));
  return bundles.map(({ name, entries }) =>
    entries.filter(({ path }) => !owners.get(path)?.some(({ bundle }) => yieldsTo(name, bundle))),
  );
}

function isBefore(a: BundleName, b: BundleName): boolean {
  return a === OS_CORE || (b !== OS_CORE && a < b);
}

function ownersByPath(bundles: readonly WholeBundle[]): Map<RepoPath, Owner[]> {
  const owners = new Map<RepoPath, Owner[]>();
  for (const { name, entries } of bundles) {
    for (const entry of entries) {
      const others = owners.get(entry.path);
      const first = others?.[0];
      if (others === undefined || first === undefined) owners.set(entry.path, [{ bundle: name, entry }]);
      else if (!sameNode(first.entry, entry)) throw pathConflict(entry.path, first.bundle, name);
      else others.push({ bundle: name, entry });
    }
  }
  return owners;
}
