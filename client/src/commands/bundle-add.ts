import { bundleClosure, unknownBundle } from '@swupd/manifests';
import type { BundleName } from '@swupd/shared';
import type { Device } from '../device/device.ts';
import { addedBundles, withOptional } from '../plan/select-bundles.ts';
import { fetchManifests } from '../stages/fetch-manifests.ts';
import { changeBundles } from './change-bundles.ts';
import { installedSystem } from './installed-system.ts';
import type { CommandOutcome } from './outcome.ts';

export interface BundleAddOptions {
  readonly names: readonly string[];
  /** Leave out what the bundles only propose. */
  readonly skipOptional: boolean;
  readonly dryRun: boolean;
}

export interface BundleAddResult {
  /** Bundles that came, dependencies included. */
  readonly added: readonly BundleName[];
  /** Asked for, and installed already. */
  readonly present: readonly string[];
  /** Asked for, and not part of the build. The others are added all the same. */
  readonly unknown: readonly string[];
  readonly outcome: CommandOutcome | undefined;
}

/**
 * Adds bundles of the installed build, with what they include.
 * @throws FormatError `unknown-bundle` where none of the names is known; what fetching, planning and changing throw
 */
export async function bundleAdd(device: Device, options: BundleAddOptions): Promise<BundleAddResult> {
  const system = await installedSystem(device);
  const { record, release } = system;
  const offered = new Set<string>(release.mom.bundles.map(({ name }) => name));
  const names = [...new Set(options.names)];
  const unknown = names.filter((name) => !offered.has(name));
  const known = names.filter((name) => offered.has(name));
  if (unknown[0] !== undefined && known.length === 0) throw unknownBundle(unknown[0]);
  const have = new Map(record.bundles.map((bundle): [string, boolean] => [bundle.name, bundle.tracked]));
  const all = options.skipOptional
    ? bundleClosure(release.mom.bundles, known)
    : withOptional(release.mom, known);
  const added = all.filter((name) => !have.has(name));
  const present = known.filter((name) => have.has(name));
  const newlyTracked = present.some((name) => have.get(name) === false);
  if (added.length === 0 && !newlyTracked) return { added, present, unknown, outcome: undefined };
  const bundles = addedBundles(record.bundles, known, all);
  const target = await fetchManifests(
    device,
    release,
    bundles.map(({ name }) => name),
    release,
  );
  const outcome = await changeBundles(device, system, {
    target,
    bundles,
    command: 'bundle-add',
    dryRun: options.dryRun,
  });
  return { added, present, unknown, outcome };
}
