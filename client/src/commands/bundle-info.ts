import { bundleClosure, findBundle } from '@swupd/manifests';
import type { BundleName, RepoPath } from '@swupd/shared';
import type { Device } from '../device/device.ts';
import { fetchManifests } from '../stages/fetch-manifests.ts';
import { fetchOffers } from '../stages/fetch-offers.ts';
import { fetchOffered, installedRelease, type Release } from '../stages/fetch-release.ts';

export interface BundleInfoOptions {
  readonly name: string;
  /** A build; default the installed one. */
  readonly version?: number | 'latest';
  readonly files: boolean;
  /** Files of the dependencies as well. */
  readonly dependencies: boolean;
}

export interface BundleInfoResult {
  readonly name: BundleName;
  readonly version: number;
  readonly status: 'tracked' | 'dependency' | 'not-installed';
  readonly description: string;
  /** The build in which it last changed. */
  readonly lastChanged: number;
  readonly contentSize: number;
  /** With everything that it needs. */
  readonly totalSize: number;
  readonly entries: number;
  readonly includes: readonly BundleName[];
  /** Everything that it needs, directly or not. */
  readonly dependencies: readonly BundleName[];
  readonly alsoAdd: readonly BundleName[];
  /** Sorted; empty unless asked for. */
  readonly files: readonly RepoPath[];
}

/** @throws FormatError `unknown-bundle` */
export async function bundleInfo(device: Device, options: BundleInfoOptions): Promise<BundleInfoResult> {
  const release = await releaseFor(device, options.version);
  const bundle = findBundle(release.mom, options.name);
  const closure = bundleClosure(release.mom.bundles, [bundle.name]);
  const installed = device.requireRecord().bundles.find(({ name }) => name === bundle.name);
  const shown = options.dependencies ? closure : [bundle.name];
  return {
    name: bundle.name,
    version: release.mom.version,
    status: installed === undefined ? 'not-installed' : installed.tracked ? 'tracked' : 'dependency',
    description: bundle.description,
    lastChanged: bundle.version,
    contentSize: bundle.contentSize,
    totalSize: closure.reduce((sum, name) => sum + findBundle(release.mom, name).contentSize, 0),
    entries: bundle.entries,
    includes: bundle.includes,
    dependencies: closure.filter((name) => name !== bundle.name),
    alsoAdd: bundle.alsoAdd,
    files: options.files ? await pathsOf(device, release, shown) : [],
  };
}

async function releaseFor(device: Device, version: number | 'latest' | undefined): Promise<Release> {
  if (version === undefined) return installedRelease(device);
  return fetchOffered(device, await fetchOffers(device), version === 'latest' ? undefined : version);
}

async function pathsOf(device: Device, release: Release, names: readonly BundleName[]): Promise<RepoPath[]> {
  const { manifests } = await fetchManifests(device, release, names);
  const paths = new Set([...manifests.values()].flatMap(({ entries }) => entries.map(({ path }) => path)));
  return [...paths].sort();
}
