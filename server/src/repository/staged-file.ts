import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file of the staging folder: aside, then renamed, so that a name means complete whatever kills the process. It is
 * not synced: publication does that for all files at once, and staging of another boot is thrown away.
 */
export function writeStaged(path: string, bytes: Uint8Array): void {
  fillStaged(path, (aside) => writeFileSync(aside, bytes));
}

/** The same for a file that `write` fills. */
export function fillStaged(path: string, write: (aside: string) => void): void {
  const aside = `${path}.new`;
  try {
    withFolder(path, () => write(aside));
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

/** The same where writing takes its time. */
export async function fillStagedLater(path: string, write: (aside: string) => Promise<void>): Promise<void> {
  const aside = `${path}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    await write(aside);
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

/** Calls `action`, which makes the file `path`; makes its folder where that is missing. */
export function withFolder(path: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true });
    action();
  }
}
