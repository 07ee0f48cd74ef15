import { createHash } from 'node:crypto';
import type { DirectoryEntry, Entry, FileEntry, Manifest } from '@swupd/manifests';
import type { Digest, RepoPath } from '@swupd/shared';

export function digestOf(content: string): Digest {
  return createHash('sha256').update(content).digest('hex') as Digest;
}

/** A file with that content, whose stored form has half its size. */
export function file(path: string, content: string, facts: Partial<FileEntry> = {}): FileEntry {
  const base = {
    path: path as RepoPath,
    uid: 0,
    gid: 0,
    pathClass: 'managed',
    version: 1,
    xattrs: [],
  } as const;
  const size = content.length;
  const rest = { mode: 0o644, size, storedSize: size >> 1, digest: digestOf(content), linkTo: undefined };
  return { ...base, type: 'file', ...rest, ...facts };
}

export function folder(path: string, mode = 0o755): DirectoryEntry {
  const base = {
    path: path as RepoPath,
    uid: 0,
    gid: 0,
    pathClass: 'managed',
    version: 1,
    xattrs: [],
  } as const;
  return { ...base, type: 'directory', mode };
}

export function manifest(version: number, ...entries: Entry[]): Manifest {
  return { bundle: 'os-core', version, entries: entries.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}
