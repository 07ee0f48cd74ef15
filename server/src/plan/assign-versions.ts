import { type Entry, type Manifest, sameEntry } from '@swupd/manifests';
import type { BundleName } from '@swupd/shared';

export interface NewManifest {
  readonly bundle: BundleName;
  readonly version: number;
  readonly entries: readonly Entry[];
}

/**
 * The manifest of a bundle in the new build. An entry that is as it was keeps the version of its last change; where all are,
 * and none has gone, the manifest is the previous one itself.
 */
export function assignVersions(next: NewManifest, previous: Manifest | undefined): Manifest {
  const before = new Map((previous?.entries ?? []).map((entry) => [entry.path, entry]));
  let kept = 0;
  const entries = next.entries.map((entry): Entry => {
    const old = before.get(entry.path);
    if (old === undefined || !sameEntry(old, entry) || !sameStoredSize(old, entry)) {
      return { ...entry, version: next.version };
    }
    kept++;
    return old;
  });
  const same = previous !== undefined && kept === entries.length && kept === previous.entries.length;
  return same ? previous : { bundle: next.bundle, version: next.version, entries };
}

function sameStoredSize(a: Entry, b: Entry): boolean {
  return a.type !== 'file' || b.type !== 'file' || a.storedSize === b.storedSize;
}
