import { type BundleName, OS_CORE } from '@swupd/shared';
import { FormatError } from './format-error.ts';
import type { Mom, MomBundle } from './mom.ts';

/** What a bundle needs: the part of a MoM's line that closure and subtraction work on. */
export type BundleLinks = Pick<MomBundle, 'name' | 'includes'>;

/**
 * `names` with all that they include, directly or not, and `os-core`; sorted. Cycles are allowed.
 * @throws FormatError `unknown-bundle`
 */
export function bundleClosure(bundles: readonly BundleLinks[], names: Iterable<string>): BundleName[] {
  const byName = new Map(bundles.map((bundle): [string, BundleLinks] => [bundle.name, bundle]));
  const found = new Set<BundleName>();
  const open: string[] = [OS_CORE, ...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const bundle = byName.get(name);
    if (bundle === undefined) throw unknownBundle(name);
    if (found.has(bundle.name)) continue;
    found.add(bundle.name);
    open.push(...bundle.includes);
  }
  return [...found].sort();
}

/** The bundle of that name. @throws FormatError `unknown-bundle` */
export function findBundle(mom: Mom, name: string): MomBundle {
  const bundle = mom.bundles.find((candidate) => candidate.name === name);
  if (bundle === undefined) throw unknownBundle(name);
  return bundle;
}

export function unknownBundle(name: string): FormatError {
  return new FormatError('unknown-bundle', `there is no bundle '${name}'`, {
    details: { bundle: name },
    hint: "See the names with 'swupd bundle-list --all'.",
  });
}
