import { bundleClosure } from '@swupd/manifests';
import type { BundleName } from '@swupd/shared';
import type { Device } from '../device/device.ts';
import { DeviceError } from '../device-error.ts';
import { addedBundles, withOptional } from '../plan/select-bundles.ts';
import { fetchManifests } from '../stages/fetch-manifests.ts';
import { fetchOffers } from '../stages/fetch-offers.ts';
import { fetchOffered } from '../stages/fetch-release.ts';
import { changeSystem } from '../system/change-system.ts';
import { planSystem } from '../system/plan-system.ts';
import { type CommandOutcome, outcomeOf } from './outcome.ts';

export interface OsInstallOptions {
  /** Besides os-core; `all` for every bundle of the build. */
  readonly bundles: readonly string[] | 'all';
  readonly version?: number;
  readonly skipOptional: boolean;
  /** Over a root that has a system: what is right there is kept. */
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly downloadOnly: boolean;
}

export interface OsInstallResult {
  readonly version: number;
  readonly bundles: readonly BundleName[];
  readonly outcome: CommandOutcome;
}

/**
 * Installs a system into a root.
 * @throws DeviceError `already-installed` and what fetching, planning and changing throw
 */
export async function osInstall(device: Device, options: OsInstallOptions): Promise<OsInstallResult> {
  refuseInstalled(device, options);
  const release = await fetchOffered(device, await fetchOffers(device), options.version);
  const named = options.bundles === 'all' ? release.mom.bundles.map(({ name }) => name) : options.bundles;
  const all = options.skipOptional
    ? bundleClosure(release.mom.bundles, named)
    : withOptional(release.mom, named);
  const target = await fetchManifests(device, release, all);
  const change = { installed: undefined, target, purpose: 'update', scope: 'all', hash: true } as const;
  const planned = await planSystem(device, change);
  const bundles = addedBundles([], named, all);
  const record = {
    format: 1,
    version: release.mom.version,
    mom: release.digest,
    bundles,
    url: device.url,
    channel: device.channel,
  } as const;
  const { dryRun, downloadOnly } = options;
  const outcome = await changeSystem(device, {
    change,
    planned,
    record,
    command: 'os-install',
    dryRun,
    downloadOnly,
  });
  return { version: release.mom.version, bundles: all, outcome: outcomeOf(device, outcome, dryRun) };
}

function refuseInstalled(device: Device, { force }: OsInstallOptions): void {
  if (force) return;
  const { record } = device;
  if (record === undefined) return;
  throw new DeviceError(
    'already-installed',
    `build ${record.version} is installed below ${device.options.root}`,
    {
      details: { version: record.version },
      hint: "Use 'swupd update' or 'swupd bundle-add', or install over it with --force.",
    },
  );
}
