import type { FileEntry, Manifest } from '@swupd/manifests';

export function filesOf(manifest: Manifest): FileEntry[] {
  return manifest.entries.filter((entry) => entry.type === 'file');
}

/** The first file of each content, in the given order. */
export function distinctBlobs(files: readonly FileEntry[]): FileEntry[] {
  const seen = new Set<string>();
  return files.filter(({ digest }) => !seen.has(digest) && seen.add(digest));
}
