import type { SystemTree } from '@swupd/manifests';
import { childOf, displayPath, nameOf, type RepoPath } from '@swupd/shared';
import { type Directory, errnoOf, isSameNode, type NodeStat, PathWalker } from '../disk/index.ts';

export interface ExtraOptions {
  readonly root: Directory;
  /** The directory to search, with all that is below it on the same file system. */
  readonly tree: RepoPath | undefined;
  /** Paths (with a leading slash) that are left out with all that is below them. */
  readonly whitelist: RegExp;
  /** A directory that is none of the system's: the state directory. */
  readonly except: NodeStat;
}

/** Something that no installed bundle has. */
export interface ExtraFile {
  readonly path: RepoPath;
  readonly type: NodeStat['type'];
}

/**
 * What is below `tree` and in none of the installed bundles; children before their parents. Follows no links, and leaves out
 * what can't go: directories that hold something whitelisted, the state directory, or a mount point.
 */
export function findExtra(target: SystemTree, options: ExtraOptions): ExtraFile[] {
  const walker = new PathWalker(options.root);
  const extra: ExtraFile[] = [];
  try {
    if (options.tree !== undefined && walker.lookup(options.tree)?.type !== 'directory') return [];
    const directory = walker.directory(options.tree);
    search(directory, options.tree, { target, extra, options, device: directory.stat().device });
  } finally {
    walker.reset();
  }
  return extra;
}

interface Search {
  readonly target: SystemTree;
  readonly extra: ExtraFile[];
  readonly options: ExtraOptions;
  readonly device: number;
}

/** Adds what is extra in `directory`; true where something in it stays, which keeps the directory as well. */
function search(directory: Directory, parent: RepoPath | undefined, context: Search): boolean {
  const { target, extra, options, device } = context;
  let keeps = false;
  for (const name of directory.list().sort()) {
    const path = childOf(parent, name);
    const stat = directory.lookup(name);
    if (stat === undefined) continue;
    if (isLeftOut(path, stat, options)) keeps = true;
    else if (stat.type === 'directory' && (stat.device !== device || searchBelow(directory, path, context)))
      keeps = true;
    else if (!target.has(path)) extra.push({ path, type: stat.type });
  }
  return keeps;
}

function searchBelow(parent: Directory, path: RepoPath, context: Search): boolean {
  const directory = openUnlessChanged(parent, path);
  // What somebody changes at this moment is left to the next time.
  if (directory === undefined) return true;
  try {
    return search(directory, path, context);
  } finally {
    directory.close();
  }
}

/** Folders of the client's own at the top of a root whose state directory is on another file system. */
const OWN = /^\.swupd-(?:staging|kept)$/;

function openUnlessChanged(parent: Directory, path: RepoPath): Directory | undefined {
  try {
    return parent.openDirectory(nameOf(path));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}

function isLeftOut(path: RepoPath, stat: NodeStat, { whitelist, except }: ExtraOptions): boolean {
  return OWN.test(path) || displayPath(path).search(whitelist) >= 0 || isSameNode(stat, except);
}
