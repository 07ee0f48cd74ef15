import { blobsOf } from '@swupd/manifests';
import type { Digest, RepoPath } from '@swupd/shared';
import type { Device } from '../device/device.ts';
import { keepLimit } from '../device/keep-limit.ts';
import { keptRelease } from '../stages/kept-release.ts';
import type { InstalledRecord } from '../state/installed-record.ts';
import {
  type EditedFile,
  type Previous,
  type PreviousVersion,
  readPrevious,
} from '../state/previous-versions.ts';
import { KeptContent } from '../transaction/apply/kept-content.ts';
import { changedPaths, findEdits } from './find-edits.ts';
import type { PlannedChange, SystemChange } from './plan-system.ts';

/** What a change keeps of the system before it. */
export interface Retention {
  /** Files that are kept instead of being deleted, by their paths. */
  readonly keep: ReadonlyMap<RepoPath, Digest>;
  /** What the device can go back to afterwards; undefined where that stays as it is. */
  readonly previous: Previous | undefined;
  /** All blobs that kept content is worth keeping for; undefined where nothing is kept, nor was. */
  readonly needed: ReadonlySet<Digest> | undefined;
  /** Of all kept content afterwards. */
  readonly bytes: number;
}

export interface RetentionInput {
  readonly change: SystemChange;
  readonly planned: PlannedChange;
  readonly record: InstalledRecord;
}

/**
 * Which old files stay on the device so that it can go back without a server: those of the versions before that the new system
 * does not have anywhere. A change that stays on its version keeps what those need of what it replaces.
 */
export function planRetention(device: Device, input: RetentionInput): Retention {
  const known = readPrevious(device.state.top);
  // A damaged record, over which somebody installs anew, is none to go back to.
  const before = device.soundRecord;
  const isNewVersion = before !== undefined && before.version !== input.record.version;
  if (!isNewVersion && known.versions.length === 0) return NOTHING;
  const limit = keepLimit(device.root, device.ports.warn);
  const edits = isNewVersion && limit.versions > 0 ? findEdits(device, input.planned) : [];
  const others = known.versions.filter(({ record }) => record.version !== input.record.version);
  const versions = isNewVersion
    ? [
        { record: before, replaced: device.ports.now(), edits },
        ...others.filter(({ record }) => record.version !== before.version),
      ]
    : others;
  const replaced = replacedBlobs(input.planned, edits);
  const fitting = fit(contentsOf(device, versions.slice(0, limit.versions), input), {
    present: reliableBlobs(input.planned),
    available: new Map(
      [...replaced.values(), ...keptBlobs(device, known)].map(({ digest, size }) => [digest, size]),
    ),
    limit: limit.bytes,
  });
  const keep = [...replaced].filter(([, { digest }]) => fitting.needed.has(digest));
  return {
    keep: new Map(keep.map(([path, { digest }]) => [path, digest])),
    previous: { versions: fitting.versions, homes: known.homes },
    needed: fitting.needed,
    bytes: fitting.bytes,
  };
}

const NOTHING: Retention = { keep: new Map(), previous: undefined, needed: undefined, bytes: 0 };

interface SizedBlob {
  readonly digest: Digest;
  readonly size: number;
}

/** What the plan takes away. */
function replacedBlobs(planned: PlannedChange, edits: readonly EditedFile[]): Map<RepoPath, SizedBlob> {
  const edited = new Map(edits.map(({ path, digest }) => [path, digest]));
  const replaced = new Map<RepoPath, SizedBlob>();
  for (const path of changedPaths(planned)) {
    const seen = planned.observed.get(path);
    if (seen?.type !== 'file') continue;
    const digest = edited.get(path) ?? seen.digest;
    if (digest !== undefined) replaced.set(path, { digest, size: seen.size });
  }
  return replaced;
}

/** Blobs that the new system has at some path that nobody edits: going back copies them from there. */
function reliableBlobs({ targetTree }: PlannedChange): Set<Digest> {
  const present = new Set<Digest>();
  for (const entry of targetTree.values()) {
    if (entry.type === 'file' && entry.pathClass !== 'config' && entry.pathClass !== 'state')
      present.add(entry.digest);
  }
  return present;
}

function keptBlobs(device: Device, { homes }: Previous): SizedBlob[] {
  const kept = new KeptContent(device.root, device.state.top, homes);
  try {
    return kept.list();
  } finally {
    kept.close();
  }
}

interface VersionContent {
  readonly version: PreviousVersion;
  readonly blobs: ReadonlySet<Digest>;
}

/** What each version consists of. One whose manifests are lost can't be gone back to. */
function contentsOf(
  device: Device,
  versions: readonly PreviousVersion[],
  { change }: RetentionInput,
): VersionContent[] {
  return versions.flatMap((version) => {
    const { installed } = change;
    const release =
      installed?.digest === version.record.mom ? installed : keptRelease(device, version.record);
    if (release === undefined) return [];
    const blobs = [...release.manifests.values()].flatMap((manifest) => blobsOf(manifest));
    return [{ version, blobs: new Set([...blobs, ...version.edits].map(({ digest }) => digest)) }];
  });
}

interface FitInput {
  readonly present: ReadonlySet<Digest>;
  readonly available: ReadonlyMap<Digest, number>;
  readonly limit: number;
}

interface Fitting {
  readonly versions: readonly PreviousVersion[];
  readonly needed: ReadonlySet<Digest>;
  readonly bytes: number;
}

/** As many of the newest versions as the limit has room for. */
function fit(contents: readonly VersionContent[], input: FitInput): Fitting {
  const { present, available, limit } = input;
  const needed = new Set(
    contents.flatMap(({ blobs }) => [...blobs]).filter((digest) => !present.has(digest)),
  );
  const bytes = [...needed].reduce((sum, digest) => sum + (available.get(digest) ?? 0), 0);
  if (bytes > limit) return fit(contents.slice(0, -1), input);
  return { versions: contents.map(({ version }) => version), needed, bytes };
}
