import type { Manifest, Mom } from '@swupd/manifests';
import type { PriorManifests } from '../plan/list-updates.ts';
import { type Published, readManifest, readReleases } from '../repository/read-release.ts';

/** A published build. */
export interface PriorBuild {
  readonly mom: Mom;
  readonly manifests: PriorManifests;
}

export interface Priors {
  /** The newest build before, or undefined. */
  readonly previous: PriorBuild | undefined;
  /** The builds from which the new one serves updates, newest first. */
  readonly window: readonly PriorBuild[];
}

/** Reads the newest build and those of the window of `count` builds; a manifest that several share is read once. */
export function readPriors(repository: string, published: Published, count: number): Priors {
  const known = new Map<string, Manifest>();
  const builds = readReleases(repository, published, Math.max(1, count)).map((mom) => {
    const manifests = mom.bundles.map((bundle): [string, Manifest] => {
      const key = bundle.manifest.digest;
      const manifest = known.get(key) ?? readManifest(repository, bundle);
      known.set(key, manifest);
      return [bundle.name, manifest];
    });
    return { mom, manifests: new Map(manifests) };
  });
  return { previous: builds[0], window: builds.slice(0, count) };
}
