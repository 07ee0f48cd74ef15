import { type Entry, modeOf, sameXattrs } from '@swupd/manifests';
import type { RepoPath } from '@swupd/shared';
import { type Observed, sameContentOnDisk } from './observe.ts';

export type Problem =
  | 'missing'
  | 'wrong-type'
  | 'modified'
  | 'wrong-link'
  | 'wrong-mode'
  | 'wrong-owner'
  | 'wrong-xattrs'
  /** Not the same inode as the other members of its hard-link group. */
  | 'not-linked'
  /** The same inode as a path that it has nothing to do with. */
  | 'wrongly-linked'
  /** In the tree that `--picky` looks at, and in no installed bundle. */
  | 'extra';

/** One way in which the root differs from the build. */
export interface Finding {
  readonly path: RepoPath;
  readonly problem: Problem;
  readonly expected?: string;
  readonly found?: string;
}

/** All ways in which what is at the path differs from its entry; none where it is right. */
export function findingsFor(entry: Entry, observed: Observed): Finding[] {
  const { path } = entry;
  if (observed.type === 'missing' || observed.type === 'unreachable') return [{ path, problem: 'missing' }];
  if (observed.type !== entry.type)
    return [{ path, problem: 'wrong-type', expected: entry.type, found: observed.type }];
  const findings: Finding[] = [];
  if (!sameContentOnDisk(entry, observed)) {
    if (entry.type === 'symlink' && observed.type === 'symlink') {
      findings.push({ path, problem: 'wrong-link', expected: entry.target, found: observed.target });
    } else findings.push({ path, problem: 'modified' });
  }
  if (observed.mode !== modeOf(entry)) {
    findings.push({
      path,
      problem: 'wrong-mode',
      expected: octal(modeOf(entry)),
      found: octal(observed.mode),
    });
  }
  if (observed.uid !== entry.uid || observed.gid !== entry.gid) {
    findings.push({
      path,
      problem: 'wrong-owner',
      expected: `${entry.uid}:${entry.gid}`,
      found: `${observed.uid}:${observed.gid}`,
    });
  }
  if (!sameXattrs(observed.xattrs, entry.xattrs)) {
    findings.push({
      path,
      problem: 'wrong-xattrs',
      expected: names(entry.xattrs),
      found: names(observed.xattrs),
    });
  }
  return findings;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

function names(xattrs: readonly { readonly name: string }[]): string {
  return xattrs.map(({ name }) => name).join(', ') || 'none';
}
