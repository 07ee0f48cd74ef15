import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ObjectName } from '@swupd/manifests';
import { writeFileAtomic } from '@swupd/shared/io';

/** A file of metadata and its place. */
export interface MetadataFile {
  readonly name: ObjectName;
  readonly bytes: Uint8Array;
}

interface Journal {
  /** Names and bytes in base64. */
  readonly files: readonly (readonly [name: ObjectName, base64: string])[];
  /** Removed in the end; undefined for nothing. */
  readonly remove?: string | undefined;
}

/**
 * Publishes metadata files in their order, which ends with the timestamp: it names all the others. They are complete in a journal
 * before the first of them gets its name, so that what dies in between is carried to its end: a new root without the timestamp
 * that its keys sign would leave devices with nothing. In the end the file `remove` goes, which says that there is more to do.
 */
export function publishFiles(repository: string, files: readonly MetadataFile[], remove?: string): void {
  const journal: Journal = {
    files: files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString('base64')]),
    remove,
  };
  writeFileAtomic(journalOf(repository), Buffer.from(JSON.stringify(journal)));
  finishPublication(repository);
}

/** Carries a publication to its end that died on the way. Only for the holder of the repository's lock. */
export function finishPublication(repository: string): void {
  const text = readJournal(repository);
  if (text === undefined) return;
  const { files, remove } = JSON.parse(text) as Journal;
  for (const [name, base64] of files) {
    const path = join(repository, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileAtomic(path, Buffer.from(base64, 'base64'));
  }
  if (remove !== undefined) rmSync(remove, { force: true });
  rmSync(journalOf(repository));
}

function readJournal(repository: string): string | undefined {
  try {
    return readFileSync(journalOf(repository), 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function journalOf(repository: string): string {
  return `${repository}.publishing`;
}
