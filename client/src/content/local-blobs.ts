import type { Entry, SystemTree } from '@swupd/manifests';
import type { Digest, RepoPath } from '@swupd/shared';
import type { Observed } from '../inspect/observe.ts';

/** Which paths of the root hold which blob, as far as is known. Verified at use. */
export type LocalBlobs = ReadonlyMap<Digest, readonly RepoPath[]>;

/** What is known of the root after an inspection. */
export interface RootKnowledge {
  readonly installedTree: SystemTree;
  readonly targetTree: SystemTree;
  /** Paths that were looked at, and what was there where it was not just what the target says. */
  readonly scope: ReadonlySet<RepoPath>;
  readonly observed: ReadonlyMap<RepoPath, Observed>;
}

/** Blobs by what was seen, and for paths that nobody has looked at by what is installed there. */
export function localBlobs(knowledge: RootKnowledge): LocalBlobs {
  const { installedTree, targetTree, scope, observed } = knowledge;
  const paths = new Map<Digest, RepoPath[]>();
  const add = (digest: Digest | undefined, path: RepoPath): void => {
    if (digest === undefined) return;
    const known = paths.get(digest);
    if (known === undefined) paths.set(digest, [path]);
    else known.push(path);
  };
  for (const path of scope) {
    const seen = observed.get(path);
    if (seen === undefined) add(digestOf(targetTree.get(path)), path);
    else if (seen.type === 'file') add(seen.digest, path);
  }
  for (const [path, entry] of installedTree)
    if (!scope.has(path) && isReliable(entry)) add(digestOf(entry), path);
  return paths;
}

function digestOf(entry: Entry | undefined): Digest | undefined {
  return entry?.type === 'file' ? entry.digest : undefined;
}

/** Config and state files may have been edited since they were installed. */
function isReliable({ pathClass }: Entry): boolean {
  return pathClass !== 'config' && pathClass !== 'state';
}
