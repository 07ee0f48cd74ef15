import type { BundleName } from '@swupd/shared';
import type { Device } from '../device/device.ts';
import { orphansOf, removedBundles } from '../plan/select-bundles.ts';
import type { KnownRelease } from '../stages/fetch-manifests.ts';
import { keepOnly } from '../system/keep-only.ts';
import { changeBundles } from './change-bundles.ts';
import { installedSystem } from './installed-system.ts';
import type { CommandOutcome } from './outcome.ts';

export interface BundleRemoveOptions {
  readonly names: readonly string[];
  readonly force: boolean;
  readonly recursive: boolean;
  /** Instead of names: all that came along and that nothing needs any more. */
  readonly orphans: boolean;
  readonly dryRun: boolean;
}

export interface BundleRemoveResult {
  readonly removed: readonly BundleName[];
  readonly outcome: CommandOutcome | undefined;
}

/**
 * Removes bundles. Files that other bundles have as well stay. Needs no network.
 * @throws DeviceError `bundle-not-installed`, `bundle-required`
 */
export async function bundleRemove(
  device: Device,
  options: BundleRemoveOptions,
): Promise<BundleRemoveResult> {
  const system = await installedSystem(device);
  const { record, release } = system;
  const going = options.orphans
    ? orphansOf(release.mom, record.bundles)
    : removedBundles(release.mom, record.bundles, options.names, options);
  if (going.length === 0) return { removed: [], outcome: undefined };
  const gone = new Set<string>(going);
  const bundles = record.bundles.filter(({ name }) => !gone.has(name));
  const target: KnownRelease = {
    ...release,
    manifests: new Map([...release.manifests].filter(([name]) => !gone.has(name))),
  };
  const outcome = await changeBundles(device, system, {
    target,
    bundles,
    command: 'bundle-remove',
    dryRun: options.dryRun,
  });
  if (!options.dryRun) keepOnly(device, target);
  return { removed: going, outcome };
}
