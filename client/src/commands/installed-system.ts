import type { Device } from '../device/device.ts';
import { fetchManifests, type KnownRelease } from '../stages/fetch-manifests.ts';
import { installedRelease } from '../stages/fetch-release.ts';
import type { InstalledRecord } from '../state/installed-record.ts';

/** What is installed: the record and the build that it names, with the manifests of its bundles. */
export interface InstalledSystem {
  readonly record: InstalledRecord;
  readonly release: KnownRelease;
}

/** Needs no network as long as the state directory is whole. @throws DeviceError `not-installed` and as `fetchManifests` */
export async function installedSystem(device: Device): Promise<InstalledSystem> {
  const record = device.requireRecord();
  const release = await installedRelease(device);
  const names = record.bundles.map(({ name }) => name);
  return { record, release: await fetchManifests(device, release, names) };
}
