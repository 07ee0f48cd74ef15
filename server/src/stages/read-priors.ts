import type { Manifest, Mom } from '@swupd/manifests';
import { buildKeys, offersOf } from '@swupd/manifests/trust';
import type { RepositoryState } from '../metadata/repository-state.ts';
import type { PriorManifests } from '../plan/list-updates.ts';
import { readBuild, readBuilds } from '../repository/read-builds.ts';
import { readManifest } from '../repository/read-document.ts';

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

/**
 * Reads the newest build and those from which updates are to be cheap: the newest `count` builds, and what each channel offers
 * newest, for that is what most of its devices have. A manifest that several builds share is read once.
 */
export function readPriors(repository: string, state: RepositoryState, count: number): Priors {
  const keys = buildKeys(state.set);
  const newest = readBuilds(repository, keys, Math.max(1, count));
  const known = new Set(newest.map(({ version }) => version));
  const offered = (count === 0 ? [] : newestOffers(state))
    .filter((version) => !known.has(version))
    .map((version) => readBuild(repository, keys, version));
  const read = manifestReader(repository);
  const window = [...newest.slice(0, count), ...offered.filter((mom) => mom !== undefined)];
  const [previous] = newest;
  return {
    previous: previous === undefined ? undefined : read(previous),
    window: window.sort((a, b) => b.version - a.version).map(read),
  };
}

/** The newest build of each channel, each once. */
function newestOffers({ roles }: RepositoryState): number[] {
  const newest = [...roles].map(([role, page]) => offersOf(page, role).at(-1)?.version);
  return [...new Set(newest.filter((version) => version !== undefined))];
}

function manifestReader(repository: string): (mom: Mom) => PriorBuild {
  const known = new Map<string, Manifest>();
  return (mom) => {
    const manifests = mom.bundles.map((bundle): [string, Manifest] => {
      const key = bundle.manifest.digest;
      const manifest = known.get(key) ?? readManifest(repository, bundle);
      known.set(key, manifest);
      return [bundle.name, manifest];
    });
    return { mom, manifests: new Map(manifests) };
  };
}
