import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, readlink, realpath } from 'node:fs/promises';
import type { ObjectName } from '@swupd/manifests';
import { parseObjectPath } from './parse-object-path.ts';

/** A published file, open for reading. Whoever asked for it closes the handle. */
export interface OpenObject {
  readonly name: ObjectName;
  readonly handle: FileHandle;
  readonly stats: Stats;
  /** Leads to this very file as long as the handle is open, even when another file takes its name. */
  readonly path: string;
}

/** Non-blocking, or a named pipe in the repository would hold a thread until somebody writes to it. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** There is no such file, or the last component is a socket. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'ENXIO']);

/**
 * Opens the regular file `name` below `repository`; undefined where there is none, or where a symbolic link leads to
 * something outside or hidden. Which file it is gets decided on the open handle, so no later change can swap it.
 * @throws the system's error where the repository is gone or the file can't be read
 */
export async function openObject(repository: string, name: ObjectName): Promise<OpenObject | undefined> {
  const top = await realpath(repository);
  const handle = await openIfPresent(`${top}/${name}`);
  if (handle === undefined) return undefined;
  try {
    const stats = await handle.stat();
    const path = `/proc/self/fd/${handle.fd}`;
    if (stats.isFile() && isPublished(top, await readlink(path))) return { name, handle, stats, path };
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return undefined;
}

async function openIfPresent(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, FLAGS);
  } catch (error) {
    if (ABSENT.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** The kernel marks the target of a file that has been replaced in the meantime. */
const DELETED = / \(deleted\)$/;

function isPublished(top: string, target: string): boolean {
  const prefix = top === '/' ? '/' : `${top}/`;
  if (!target.startsWith(prefix)) return false;
  return parseObjectPath(`/${target.slice(prefix.length).replace(DELETED, '')}`) !== undefined;
}
