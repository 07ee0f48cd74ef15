import type { Device } from '../device/device.ts';
import type { RecordBundles } from '../plan/select-bundles.ts';
import type { KnownRelease } from '../stages/fetch-manifests.ts';
import { changeSystem } from '../system/change-system.ts';
import { planSystem } from '../system/plan-system.ts';
import type { InstalledSystem } from './installed-system.ts';
import { type CommandOutcome, outcomeOf } from './outcome.ts';

/** The installed build with other bundles. */
export interface BundleChange {
  readonly target: KnownRelease;
  readonly bundles: RecordBundles;
  readonly command: string;
  readonly dryRun: boolean;
}

/** Takes the system from the bundles that it has to others of the same build. */
export async function changeBundles(
  device: Device,
  { record, release }: InstalledSystem,
  { target, bundles, command, dryRun }: BundleChange,
): Promise<CommandOutcome> {
  const change = { installed: release, target, purpose: 'update', scope: 'changed', hash: true } as const;
  const planned = await planSystem(device, change);
  const outcome = await changeSystem(device, {
    change,
    planned,
    record: { ...record, bundles },
    command,
    dryRun,
  });
  return outcomeOf(device, outcome, dryRun);
}
