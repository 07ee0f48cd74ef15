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
  const previous = previousFiles(device);
  const moms = new Set([installed.digest, ...previous.moms]);
  const own = documentsOf(installed.mom, [...installed.manifests.keys()]);
  return device.releases.prune({ moms, documents: new Set([...own, ...previous.documents]) }, dryRun);
}

/** What versions to go back to need of the state directory. */
export function previousFiles({ releases, state }: Device): { moms: Digest[]; documents: Digest[] } {
  const records = readPrevious(state.top).versions.map(({ record }) => record);
  const documents = records.flatMap(({ mom, bundles }) => {
    const files = releases.mom(mom);
    const names = bundles.map(({ name }) => name);
    return files === undefined ? [] : documentsOf(parseMom(files.mom), names);
  });
  return { moms: records.map(({ mom }) => mom), documents };
}

function documentsOf(mom: Mom, bundles: readonly BundleName[]): Digest[] {
  return bundles.map((name) => findBundle(mom, name).manifest.digest);
}
