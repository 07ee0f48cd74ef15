import { bundleClosure, findBundle, type Mom } from '@swupd/manifests';
import { type BundleName, OS_CORE } from '@swupd/shared';
import { DeviceError } from '../device-error.ts';
import type { InstalledRecord } from '../state/installed-record.ts';

export type RecordBundles = InstalledRecord['bundles'];

/** `names` with the bundles that their also-add lists propose, and what those propose in turn. @throws FormatError `unknown-bundle` */
export function withOptional(mom: Mom, names: readonly string[]): BundleName[] {
  const found = new Set<BundleName>();
  const open = bundleClosure(mom.bundles, names);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    open.push(...bundleClosure(mom.bundles, findBundle(mom, name).alsoAdd));
  }
  return [...found].sort();
}

/** The record's bundles after `names` have been asked for and `all` (their closure among them) have come along. */
export function addedBundles(
  before: RecordBundles,
  names: readonly string[],
  all: readonly BundleName[],
): RecordBundles {
  const tracked = new Set<string>([
    ...before.filter((bundle) => bundle.tracked).map(({ name }) => name),
    ...names,
  ]);
  const together = new Set([...before.map(({ name }) => name), ...all]);
  return [...together].sort().map((name) => ({ name, tracked: tracked.has(name) }));
}

/** What is installed after an update: what was, as far as the new build has it, and what it includes now. */
export function updatedBundles(
  before: RecordBundles,
  mom: Mom,
): { readonly bundles: RecordBundles; readonly dropped: readonly BundleName[] } {
  const offered = new Set(mom.bundles.map(({ name }) => name));
  const staying = before.filter(({ name }) => offered.has(name));
  const closure = bundleClosure(
    mom.bundles,
    staying.map(({ name }) => name),
  );
  const dropped = before.filter(({ name }) => !offered.has(name)).map(({ name }) => name);
  return { bundles: addedBundles(staying, [], closure), dropped };
}

export interface RemovalOptions {
  /** Remove the bundles that need them as well. */
  readonly force: boolean;
  /** Remove their dependencies too, where nobody asked for those and nothing else needs them. */
  readonly recursive: boolean;
}

/**
 * The names to remove when the user wants `names` gone.
 * @throws DeviceError `bundle-not-installed`, `bundle-required`
 */
export function removedBundles(
  mom: Mom,
  before: RecordBundles,
  names: readonly string[],
  options: RemovalOptions,
): BundleName[] {
  const installed = new Map(before.map((bundle): [string, RecordBundles[number]] => [bundle.name, bundle]));
  const system = new Set<string>(bundleClosure(mom.bundles, []));
  for (const name of names) refuseUnremovable(name, installed, system);
  const going = new Set<string>(names);
  const dependants = before.filter(({ name }) => !going.has(name) && needsAny(mom, name, going));
  if (dependants.length > 0 && !options.force)
    throw requiredBy(
      names,
      dependants.map(({ name }) => name),
    );
  for (const { name } of dependants) going.add(name);
  if (options.recursive)
    for (const name of orphansOf(mom, before, going)) if (neededBySome(mom, going, name)) going.add(name);
  return [...going].sort() as BundleName[];
}

/** Bundles that nobody asked for and that nothing which stays needs. */
export function orphansOf(
  mom: Mom,
  before: RecordBundles,
  going: ReadonlySet<string> = new Set(),
): BundleName[] {
  const roots = before.filter(({ name, tracked }) => tracked && !going.has(name)).map(({ name }) => name);
  const needed = new Set<string>(bundleClosure(mom.bundles, roots));
  return before.map(({ name }) => name).filter((name) => !needed.has(name) && !going.has(name));
}

function refuseUnremovable(
  name: string,
  installed: ReadonlyMap<string, unknown>,
  system: ReadonlySet<string>,
): void {
  if (system.has(name)) {
    const why = name === OS_CORE ? 'is the system itself' : `is needed by ${OS_CORE}, the system itself,`;
    throw new DeviceError('bundle-required', `${name} ${why} and can not be removed`, {
      details: { bundles: [name], dependants: name === OS_CORE ? [] : [OS_CORE] },
      hint: 'Name other bundles.',
    });
  }
  if (installed.has(name)) return;
  throw new DeviceError('bundle-not-installed', `bundle '${name}' is not installed`, {
    details: { bundle: name },
    hint: "See what is installed with 'swupd bundle-list'.",
  });
}

function requiredBy(names: readonly string[], dependants: readonly BundleName[]): DeviceError {
  return new DeviceError(
    'bundle-required',
    `${names.join(', ')} can't be removed: needed by ${dependants.join(', ')}`,
    {
      details: { bundles: names, dependants },
      hint: 'Remove those as well, by name or with --force.',
    },
  );
}

function needsAny(mom: Mom, name: BundleName, going: ReadonlySet<string>): boolean {
  return bundleClosure(mom.bundles, [name]).some((needed) => needed !== name && going.has(needed));
}

function neededBySome(mom: Mom, going: ReadonlySet<string>, name: BundleName): boolean {
  return [...going].some((other) => (bundleClosure(mom.bundles, [other]) as string[]).includes(name));
}
