import type { Entry, Manifest } from '@swupd/manifests';
import type { Device } from '../device/device.ts';
import { DeviceError } from '../device-error.ts';
import { fetchManifests, type KnownRelease } from '../stages/fetch-manifests.ts';
import { recordedRelease } from '../stages/fetch-release.ts';
import { type EditedFile, type PreviousVersion, readPrevious } from '../state/previous-versions.ts';
import { changeSystem } from '../system/change-system.ts';
import { keepOnly } from '../system/keep-only.ts';
import { planSystem } from '../system/plan-system.ts';
import { KeptContent } from '../transaction/apply/kept-content.ts';
import { installedSystem } from './installed-system.ts';
import { type CommandOutcome, outcomeOf } from './outcome.ts';

export interface RollbackOptions {
  /** One of the versions that are kept; default the one before. */
  readonly version?: number;
  readonly dryRun: boolean;
}

export interface RollbackResult {
  readonly from: number;
  readonly to: number;
  readonly outcome: CommandOutcome;
}

/**
 * Goes back to a version that was installed before, with its bundles and with what has been kept of it: no server is asked
 * unless something of that is lost. What is replaced is kept in turn, so that a second rollback goes forward again.
 * @throws DeviceError `nothing-kept` and what planning and changing throw
 */
export async function rollback(device: Device, options: RollbackOptions): Promise<RollbackResult> {
  const { record, release: installed } = await installedSystem(device);
  const previous = chooseVersion(device, options.version);
  const release = await recordedRelease(device, previous.record);
  const names = previous.record.bundles.map(({ name }) => name);
  const target = withEdits(
    await fetchManifests(device, release, names, installed),
    keptEdits(device, previous),
  );
  const change = { installed, target, purpose: 'update', scope: 'changed', hash: true } as const;
  const planned = await planSystem(device, change);
  const { dryRun } = options;
  const outcome = await changeSystem(device, {
    change,
    planned,
    record: { ...previous.record, url: record.url, channel: record.channel },
    command: 'rollback',
    dryRun,
  });
  if (!dryRun) keepOnly(device, target);
  return { from: record.version, to: previous.record.version, outcome: outcomeOf(device, outcome, dryRun) };
}

function chooseVersion(device: Device, version: number | undefined): PreviousVersion {
  const { versions } = readPrevious(device.state.top);
  const chosen =
    version === undefined ? versions[0] : versions.find(({ record }) => record.version === version);
  if (chosen !== undefined) return chosen;
  const kept = versions.map(({ record }) => record.version);
  throw new DeviceError(
    'nothing-kept',
    version === undefined
      ? 'no version before is kept on this device'
      : `build ${version} is not kept on this device`,
    {
      details: { version, kept },
      hint:
        kept.length > 0
          ? `Go back to build ${kept.join(' or ')} with -V.`
          : "An update keeps the version before, unless 'keep' in /etc/swupd says otherwise or 'swupd clean --kept' has removed it.",
    },
  );
}

/** Edited files whose bytes are still there: in place of one that is lost the build's own is better than none. */
function keptEdits({ root, state }: Device, { edits }: PreviousVersion): readonly EditedFile[] {
  const kept = new KeptContent(root, state.top, readPrevious(state.top).homes);
  try {
    const there = new Set(kept.list().map(({ digest }) => digest));
    return edits.filter(({ digest }) => there.has(digest));
  } finally {
    kept.close();
  }
}

/** The build with the files as they had been edited: going back takes nothing from the administrator. */
function withEdits(release: KnownRelease, edits: readonly EditedFile[]): KnownRelease {
  const byPath = new Map(edits.map((edit) => [edit.path, edit]));
  const edited = (entry: Entry): Entry => {
    const edit = byPath.get(entry.path);
    if (edit === undefined || entry.type !== 'file') return entry;
    return { ...entry, digest: edit.digest, size: edit.size, storedSize: edit.size };
  };
  const manifests = [...release.manifests].map(([name, manifest]): [typeof name, Manifest] => [
    name,
    { ...manifest, entries: manifest.entries.map(edited) },
  ]);
  return edits.length === 0 ? release : { ...release, manifests: new Map(manifests) };
}
