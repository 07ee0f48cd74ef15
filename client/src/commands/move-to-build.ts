import type { BundleName } from '@swupd/shared';
import type { Device } from '../device/device.ts';
import { updatedBundles } from '../plan/select-bundles.ts';
import { fetchManifests } from '../stages/fetch-manifests.ts';
import type { Release } from '../stages/fetch-release.ts';
import { changeSystem } from '../system/change-system.ts';
import { keepOnly } from '../system/keep-only.ts';
import { planSystem } from '../system/plan-system.ts';
import { installedSystem } from './installed-system.ts';
import { type CommandOutcome, outcomeOf } from './outcome.ts';

export interface MoveOptions {
  readonly dryRun: boolean;
  /** Bring everything into the cache and stop. */
  readonly downloadOnly: boolean;
}

/** What has become of the way from one build to the next. */
export interface Move {
  /** Bundles that the new build does not have any more. */
  readonly dropped: readonly BundleName[];
  readonly outcome: CommandOutcome;
}

/** A move, and what has been downloaded for the moves before it. */
export interface MoveRequest extends MoveOptions {
  readonly earlierBytes: number;
}

/** Takes the system from the installed build to `release`, in one transaction. @throws what fetching, planning and changing throw */
export async function moveToBuild(device: Device, release: Release, options: MoveRequest): Promise<Move> {
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
    channel: device.channel,
  } as const;
  const outcome = await changeSystem(device, { change, planned, record, command: 'update', ...options });
  const { dryRun, downloadOnly } = options;
  if (!dryRun && !downloadOnly) keepOnly(device, target);
  return { dropped, outcome: outcomeOf(device, outcome, dryRun) };
}
