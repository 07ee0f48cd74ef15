import { bundleClosure, findBundle, type Mom } from '@swupd/manifests';
import type { BundleName } from '@swupd/shared';
import type { Device } from '../device/device.ts';
import { DeviceError } from '../device-error.ts';
import { orphansOf } from '../plan/select-bundles.ts';
import { installedRelease } from '../stages/fetch-release.ts';

export interface BundleListOptions {
  /** Every bundle of the installed build, not only what is installed. */
  readonly all: boolean;
  /** Only bundles that this one needs. */
  readonly dependenciesOf?: string;
  /** Only bundles that need this one. */
  readonly dependantsOf?: string;
  /** Only what came along and nothing needs any more. */
  readonly orphans: boolean;
}

export interface ListedBundle {
  readonly name: BundleName;
  readonly status: 'tracked' | 'dependency' | 'not-installed';
  readonly description: string;
  readonly contentSize: number;
}

/**
 * Bundles that are installed or offered, sorted by name.
 * @throws DeviceError `bundle-not-installed`; FormatError `unknown-bundle`
 */
export async function bundleList(device: Device, options: BundleListOptions): Promise<ListedBundle[]> {
  const { bundles } = device.requireRecord();
  const { mom } = await installedRelease(device);
  const tracked = new Map(bundles.map((bundle): [string, boolean] => [bundle.name, bundle.tracked]));
  const listed = options.all ? mom.bundles.map(({ name }) => name) : bundles.map(({ name }) => name);
  const selected = options.orphans ? orphansOf(mom, bundles) : select(mom, listed, options);
  return selected.map((name) => {
    const { description, contentSize } = findBundle(mom, name);
    const isTracked = tracked.get(name);
    const status = isTracked === undefined ? 'not-installed' : isTracked ? 'tracked' : 'dependency';
    return { name, status, description, contentSize };
  });
}

function select(
  mom: Mom,
  listed: readonly BundleName[],
  { all, dependenciesOf, dependantsOf }: BundleListOptions,
): BundleName[] {
  const subject = dependenciesOf ?? dependantsOf;
  if (subject === undefined) return [...listed];
  findBundle(mom, subject);
  if (!all && !(listed as readonly string[]).includes(subject)) {
    throw new DeviceError('bundle-not-installed', `bundle '${subject}' is not installed`, {
      details: { bundle: subject },
      hint: 'Add --all to ask about bundles that are not installed.',
    });
  }
  const closure = (name: string): readonly string[] => bundleClosure(mom.bundles, [name]);
  const others = listed.filter((name) => name !== subject);
  return dependenciesOf === undefined
    ? others.filter((name) => closure(name).includes(subject))
    : others.filter((name) => closure(subject).includes(name));
}
