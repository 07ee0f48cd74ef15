import { findBundle, type Mom, parseMom } from '@swupd/manifests';
import type { BundleName, Digest } from '@swupd/shared';
import type { Device } from '../device/device.ts';
import type { KnownRelease } from '../stages/fetch-manifests.ts';
import { readPrevious } from '../state/previous-versions.ts';

/**
 * Removes MoMs and manifests from the state directory that neither the installed build needs nor a version to go back to. Gives
 * their names.
 */
export function keepOnly(device: Device, installed: KnownRelease, dryRun = false): string[] {
  const moms = new Set([installed.digest]);
  const documents = new Set(documentsOf(installed.mom, [...installed.manifests.keys()]));
  for (const { record } of readPrevious(device.state.top).versions) {
    const files = device.releases.mom(record.mom);
    if (files === undefined) continue;
    moms.add(record.mom);
    const names = record.bundles.map(({ name }) => name);
    for (const digest of documentsOf(parseMom(files.mom), names)) documents.add(digest);
  }
  return device.releases.prune({ moms, documents }, dryRun);
}

function documentsOf(mom: Mom, bundles: readonly BundleName[]): Digest[] {
  return bundles.map((name) => findBundle(mom, name).manifest.digest);
}
