import { type FileName, parseRepoPath, type RepoPath } from '@swupd/shared';
import { type Directory, type NodeStat, ownName, PathWalker } from '../disk/index.ts';
import type { HookPoint } from '../state/due-hooks.ts';

export interface Hook {
  readonly point: HookPoint;
  readonly name: FileName;
  /** Why it must not be run; undefined where it may. */
  readonly problem: string | undefined;
  /** Path of the file, good as long as the hooks are open. */
  readonly path: string;
}

export interface OpenHooks extends Disposable {
  /** In the order of their names. */
  readonly hooks: readonly Hook[];
}

/** The administrator's folder comes before the build's: a file of the same name there replaces the other. */
const FOLDERS = ['etc/swupd/hooks', 'usr/lib/swupd/hooks'];

/** The hooks of a point. Reached without following links, so that one planted on the way leads nowhere. */
export function openHooks(root: Directory, point: HookPoint): OpenHooks {
  const walkers: PathWalker[] = [];
  const found = new Map<string, Hook>();
  for (const folder of FOLDERS) {
    const walker = new PathWalker(root);
    walkers.push(walker);
    const directory = directoryAt(walker, parseRepoPath(`${folder}/${point}`));
    if (directory === undefined) continue;
    const isSafe = isOfOwner(directory.stat(), root.stat());
    for (const name of directory.list()) {
      const problem = isSafe
        ? problemOf(directory, name, root.stat())
        : 'its folder can be written by others';
      if (!found.has(name)) found.set(name, { point, name, problem, path: `${directory.reference}/${name}` });
    }
  }
  return {
    hooks: [...found.values()]
      .filter(({ problem }) => problem !== MASKED)
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    [Symbol.dispose]: () => {
      for (const walker of walkers) walker.reset();
    },
  };
}

const MASKED = 'masked';
const WRITABLE_BY_OTHERS = 0o022;
const EXECUTABLE = 0o100;

/** A link to /dev/null masks a hook of the build. */
function problemOf(directory: Directory, name: FileName, root: NodeStat): string | undefined {
  const stat = directory.lookup(name);
  if (stat === undefined) return MASKED;
  if (stat.type === 'symlink') return isMask(directory, name) ? MASKED : 'it is a link, and no file';
  if (stat.type !== 'file') return 'it is no file';
  if (!isOfOwner(stat, root)) return 'it can be written by others';
  if ((stat.mode & EXECUTABLE) === 0) return 'it is not executable';
  return isProgram(directory, name) ? undefined : 'it is no program, and no script that begins with #!';
}

/** execvp(3) gives all else to a shell. */
const BEGINNINGS = ['#!', '\x7fELF'];

function isProgram(directory: Directory, name: FileName): boolean {
  const file = directory.openFile(name);
  try {
    const head = Buffer.alloc(4);
    file.read(head, 0);
    return BEGINNINGS.some((beginning) => head.toString('latin1').startsWith(beginning));
  } finally {
    file.close();
  }
}

function isMask(directory: Directory, name: FileName): boolean {
  return (directory.readLink(name) as string) === '/dev/null';
}

/** Whether only root, or whoever owns the system's root, can write it. */
function isOfOwner({ uid, mode }: NodeStat, root: NodeStat): boolean {
  return (uid === 0 || uid === root.uid) && (mode & WRITABLE_BY_OTHERS) === 0;
}

function directoryAt(walker: PathWalker, path: RepoPath): Directory | undefined {
  const place = walker.find(path);
  if (place?.directory.lookup(ownName(place.name))?.type !== 'directory') return undefined;
  return walker.directory(path);
}
