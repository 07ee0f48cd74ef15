import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { identityOf, isAlive } from '@swupd/shared/io';
import { BuildError } from '../build-error.ts';

/** Held by the one process that may do something to a repository. */
export interface BuildLock {
  release(): void;
}

/**
 * Takes the lock at `path`, a file that names the process that holds it. A lock whose process is gone counts for nothing, so
 * a build that was killed blocks nobody; the start time tells a process from a later one with the same id.
 * @throws BuildError `build-running`
 */
export function takeBuildLock(path: string, pid: number): BuildLock {
  const mine = identityOf(pid);
  if (mine === undefined) throw new TypeError(`there is no process ${pid}`);
  const aside = `${path}.${pid}`;
  writeFileSync(aside, mine);
  try {
    if (!tryLink(aside, path)) {
      const holder = readHolder(path);
      if (holder !== undefined && isAlive(holder)) throw running(path, holder);
      rmSync(path, { force: true });
      if (!tryLink(aside, path)) throw running(path, readHolder(path));
    }
  } finally {
    rmSync(aside, { force: true });
  }
  return { release: () => rmSync(path, { force: true }) };
}

/** Gives the complete file its name, or false where the name is taken. */
function tryLink(aside: string, path: string): boolean {
  try {
    linkSync(aside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

function running(path: string, holder: string | undefined): BuildError {
  const pid = holder === undefined ? undefined : Number.parseInt(holder, 10);
  return new BuildError(
    'build-running',
    `another command works on this repository${pid ? ` (process ${pid})` : ''}`,
    {
      details: { lock: path, pid },
      hint: 'Wait until it has ended, and run this one again.',
    },
  );
}
