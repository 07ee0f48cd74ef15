import { execFileSync } from 'node:child_process';

/**
 * Makes everything durable that was written to the file system that holds `place`, a path or an open descriptor. Node has no
 * syncfs(2); coreutils' `sync -f` is one. Where there is no such command, all file systems are synced by the plain `sync`.
 * @throws Error with the code `EIO` where what was written has not reached the disk
 */
export function syncFileSystem(place: string | number): void {
  if (sync(['-f', typeof place === 'number' ? STDIN : place], place)) return;
  // A `sync` that knows the option has failed over the disk, or the place is gone.
  if (sync(['-f', KERNEL]))
    throw Object.assign(new Error('EIO: the file system can not be synced'), { code: 'EIO' });
  if (!sync([]))
    throw Object.assign(new Error('ENOSYS: there is no command to sync with'), { code: 'ENOSYS' });
}

/** A descriptor has another number in the child; as its standard input it has one that is known. */
const STDIN = '/proc/self/fd/0';

/** A file system on which nothing can be wrong. */
const KERNEL = '/proc';

function sync(options: readonly string[], input?: string | number): boolean {
  try {
    const stdin = typeof input === 'number' ? input : 'ignore';
    execFileSync('sync', options, { stdio: [stdin, 'ignore', 'ignore'] });
    return true;
  } catch {
    return false;
  }
}
