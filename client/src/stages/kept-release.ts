import { findBundle, type Manifest, parseManifest, parseMom } from '@swupd/manifests';
import type { BundleName } from '@swupd/shared';
import type { Device } from '../device/device.ts';
import type { InstalledRecord } from '../state/installed-record.ts';
import type { KnownRelease } from './fetch-manifests.ts';

/** The build of a record with the manifests of its bundles, as far as the device has all of them: nobody is asked. */
export function keptRelease({ releases }: Device, record: InstalledRecord): KnownRelease | undefined {
  const files = releases.mom(record.mom);
  if (files === undefined) return undefined;
  const mom = parseMom(files.mom);
  const manifests = new Map<BundleName, Manifest>();
  for (const { name } of record.bundles) {
    const document = releases.document(findBundle(mom, name).manifest);
    if (document === undefined) return undefined;
    manifests.set(name, parseManifest(document));
  }
  return { mom, digest: record.mom, manifests };
}
