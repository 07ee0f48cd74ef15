import { findBundle } from '@swupd/manifests';
import type { Device } from '../device/device.ts';
import type { KnownRelease } from '../stages/fetch-manifests.ts';

/** Removes MoMs and manifests from the state directory that the installed build does not need. Gives their names. */
export function keepOnly(device: Device, installed: KnownRelease, dryRun = false): string[] {
  const documents = new Set(
    [...installed.manifests.keys()].map((name) => findBundle(installed.mom, name).manifest.digest),
  );
  return device.releases.prune({ moms: new Set([installed.digest]), documents }, dryRun);
}
