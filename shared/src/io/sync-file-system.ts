import { execFileSync } from 'node:child_process';

/**
 * Makes everything durable that was written to the file system that holds `path`. Node has no syncfs(2); coreutils' `sync -f`
 * is one. Where there is no such command, all file systems are synced by the plain `sync`.
 */
export function syncFileSystem(path: string): void {
  try {
    execFileSync('sync', ['-f', path], { stdio: 'ignore' });
  } catch {
    execFileSync('sync', { stdio: 'ignore' });
  }
}
