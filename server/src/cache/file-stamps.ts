import { type Digest, escapeField, isDigest, type RepoPath, unescapeField } from '@swupd/shared';

/** A file's stamp when it was read, and the digest that it had. */
export interface FileStamp {
  readonly path: RepoPath;
  readonly stamp: string;
  readonly digest: Digest;
}

/** The stamps of one bundle as a text for the cache. */
export function formatStamps(stamps: readonly FileStamp[]): string {
  return stamps.map(({ path, stamp, digest }) => `${stamp}\t${digest}\t${escapeField(path)}`).join('\n');
}

/** The stamps in `text` by path. A line that can't be read is as good as none: the file is read again. */
export function parseStamps(text: string | undefined): ReadonlyMap<string, FileStamp> {
  const stamps = new Map<string, FileStamp>();
  for (const line of (text ?? '').split('\n')) {
    const [stamp, digest, field] = line.split('\t');
    if (stamp === undefined || digest === undefined || field === undefined || !isDigest(digest)) continue;
    const path = unescapeField(field) as string as RepoPath;
    stamps.set(path, { path, stamp, digest });
  }
  return stamps;
}
