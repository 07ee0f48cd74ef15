import type { BundleName } from '@swupd/shared';
import type { Device } from '../device/device.ts';
import { DeviceError } from '../device-error.ts';
import { updatedBundles } from '../plan/select-bundles.ts';
import { fetchManifests } from '../stages/fetch-manifests.ts';
import { fetchPointer } from '../stages/fetch-pointer.ts';
import { fetchRelease, fetchVersion, type Release } from '../stages/fetch-release.ts';
import { changeSystem } from '../system/change-system.ts';
import { keepOnly } from '../system/keep-only.ts';
import { planSystem } from '../system/plan-system.ts';
import { installedSystem } from './installed-system.ts';
import { type CommandOutcome, outcomeOf } from './outcome.ts';

export interface UpdateOptions {
  /** The version to go to; default the newest. */
  readonly version?: number;
  readonly dryRun: boolean;
  /** Bring everything into the cache and stop. */
  readonly downloadOnly: boolean;
}

export type UpdateResult =
  | {
      readonly kind: 'up-to-date';
      readonly version: number;
      readonly transferred: CommandOutcome['transferred'];
    }
  | ({
      readonly kind: 'updated' | 'planned' | 'downloaded';
      readonly from: number;
      readonly to: number;
      /** Bundles that the new build does not have any more. */
      readonly dropped: readonly BundleName[];
    } & CommandOutcome);

/**
 * Takes the system to another build.
 * @throws DeviceError `not-installed`, `no-such-version` and what fetching, planning and changing throw
 */
export async function update(device: Device, options: UpdateOptions): Promise<UpdateResult> {
  const { version } = device.requireRecord();
  const release = await releaseFor(device, version, options.version);
  if (release === undefined) return { kind: 'up-to-date', version, transferred: device.transferred };
  const installed = await installedSystem(device);
  const { bundles, dropped } = updatedBundles(installed.record.bundles, release.mom);
  const names = bundles.map(({ name }) => name);
  const target = await fetchManifests(device, release, names, installed.release);
  const change = {
    installed: installed.release,
    target,
    purpose: 'update',
    scope: 'changed',
    hash: true,
  } as const;
  const planned = await planSystem(device, change);
  const record = {
    format: 1,
    version: target.mom.version,
    mom: target.digest,
    bundles,
    url: device.url,
  } as const;
  const { dryRun, downloadOnly } = options;
  const outcome = await changeSystem(device, {
    change,
    planned,
    record,
    command: 'update',
    dryRun,
    downloadOnly,
  });
  const kind = dryRun ? 'planned' : downloadOnly ? 'downloaded' : 'updated';
  if (kind === 'updated') keepOnly(device, target);
  return { kind, from: version, to: target.mom.version, dropped, ...outcomeOf(device, outcome, dryRun) };
}

/** The build to go to; undefined where the device is there already. */
async function releaseFor(
  device: Device,
  installed: number,
  wanted: number | undefined,
): Promise<Release | undefined> {
  const { release } = await fetchPointer(device);
  const version = wanted ?? release.version;
  if (version === installed || (wanted === undefined && version < installed)) return undefined;
  if (version < installed)
    throw notOffered(version, `build ${installed} is installed, and update does not go back`);
  if (version > release.version)
    throw notOffered(version, `the newest build on the server is ${release.version}`);
  return version === release.version ? fetchRelease(device, release) : fetchVersion(device, version);
}

function notOffered(version: number, why: string): DeviceError {
  return new DeviceError('no-such-version', `can't update to build ${version}: ${why}`, {
    details: { version },
    hint: "See what is offered with 'swupd check-update'.",
  });
}
