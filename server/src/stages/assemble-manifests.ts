import { type Entry, type Manifest, mergeManifests } from '@swupd/manifests';
import type { Digest } from '@swupd/shared';
import { assignVersions } from '../plan/assign-versions.ts';
import { subtractIncludes } from '../plan/subtract-includes.ts';
import type { ScannedBundle } from './scan-trees.ts';

/**
 * Takes from each bundle what the bundles have that it includes, and proves that all of them fit together.
 * @throws FormatError `path-conflict`
 */
export function separateBundles(scanned: readonly ScannedBundle[]): ScannedBundle[] {
  const whole = scanned.map(({ bundle, entries }) => ({ ...bundle, entries }));
  const own = subtractIncludes(whole);
  const separated = scanned.map(({ bundle }, i) => ({ bundle, entries: own[i] ?? [] }));
  mergeManifests(separated.map(({ bundle, entries }) => ({ bundle: bundle.name, version: 0, entries })));
  return separated;
}

/** The manifests of the new build, in the order of the bundles, once the fullfiles are written. */
export function assembleManifests(
  bundles: readonly ScannedBundle[],
  storedSizes: ReadonlyMap<Digest, number>,
  { version, previous }: { version: number; previous: ReadonlyMap<string, Manifest> },
): Manifest[] {
  return bundles.map(({ bundle, entries }) => {
    const complete = entries.map((entry) => withStoredSize(entry, storedSizes));
    return assignVersions({ bundle: bundle.name, version, entries: complete }, previous.get(bundle.name));
  });
}

function withStoredSize(entry: Entry, storedSizes: ReadonlyMap<Digest, number>): Entry {
  if (entry.type !== 'file') return entry;
  const storedSize = storedSizes.get(entry.digest);
  if (storedSize === undefined) throw new TypeError('a file has no fullfile');
  return { ...entry, storedSize };
}
