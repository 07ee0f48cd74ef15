import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LAYOUT, type ObjectName } from '@swupd/manifests';
import type { Metadata } from '@swupd/manifests/trust';
import { writeFileAtomic } from '@swupd/shared/io';
import { metadataObject } from '../repository/metadata-object.ts';
import { readMetadata } from '../repository/read-metadata.ts';
import { readObject } from '../repository/read-object.ts';

/** Where the metadata that is published lies beside what waits in the folder `prepared`. */
export function publishedCopy(prepared: string): string {
  return join(prepared, 'published');
}

/**
 * Puts a copy of the published metadata beside what waits: who signs on another machine can see from it what changes, and by which keys it
 * is to be signed. A repository that is founded has none yet.
 */
export function copyPublished(repository: string): void {
  const copy = publishedCopy(`${repository}.prepared`);
  rmSync(copy, { recursive: true, force: true });
  if (!existsSync(join(repository, LAYOUT.root(1)))) return;
  const { set, roles } = readMetadata(repository);
  const write = (name: ObjectName, bytes: Uint8Array): void => {
    mkdirSync(dirname(join(copy, name)), { recursive: true });
    writeFileAtomic(join(copy, name), bytes);
  };
  for (let version = 1; version <= set.root.version; version++)
    write(LAYOUT.root(version), readObject(repository, LAYOUT.root(version)));
  const { snapshot, targets, timestamp } = set;
  const files: [string, Metadata | undefined][] = [['snapshot', snapshot], ['targets', targets], ...roles];
  for (const [role, file] of files)
    if (file !== undefined) write(metadataObject(role, file.version), file.bytes);
  if (timestamp !== undefined) write(LAYOUT.timestamp, timestamp.bytes);
}
