import type { Manifest } from '@swupd/manifests';

/** The manifests of one build before, by bundle. */
export type PriorManifests = ReadonlyMap<string, Manifest>;

/** A bundle of the new build with the manifests from which devices may come. */
export interface BundleUpdate {
  readonly to: Manifest;
  /** Sorted by version, each once, without the newest itself. */
  readonly froms: readonly Manifest[];
}

/** What updates the new build has to serve, bundle by bundle, from each build of the `window`. */
export function listUpdates(
  manifests: readonly Manifest[],
  window: readonly PriorManifests[],
): BundleUpdate[] {
  return manifests.map((to) => {
    const froms = new Map<number, Manifest>();
    for (const prior of window) {
      const from = prior.get(to.bundle);
      if (from !== undefined && from.version !== to.version) froms.set(from.version, from);
    }
    return { to, froms: [...froms.values()].sort((a, b) => a.version - b.version) };
  });
}
