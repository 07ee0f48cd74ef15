import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LAYOUT, type ObjectName } from '@swupd/manifests';
import { writeFileAtomic } from '@swupd/shared/io';
import type { RepositoryState } from '../metadata/repository-state.ts';
import { metadataObject } from '../repository/metadata-object.ts';
import { readObject } from '../repository/read-object.ts';

/** Where in a folder of prepared metadata a copy of what is published lies: whoever signs it elsewhere sees what changes. */
export function publishedCopy(folder: string): string {
  return join(folder, 'published');
}

/** Copies the metadata that is published to the folder `copy`, in place of what is there. */
export function copyPublished(repository: string, state: RepositoryState, copy: string): void {
  rmSync(copy, { recursive: true, force: true });
  for (const name of publishedNames(state)) {
    const path = join(copy, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileAtomic(path, readObject(repository, name));
  }
}

/** All metadata that a device may ask for, the chain of roots included. */
function publishedNames({ set: { root, snapshot }, roles }: RepositoryState): ObjectName[] {
  const roots = Array.from({ length: root.version }, (_, i) => LAYOUT.root(i + 1));
  const listed = [...(snapshot?.meta ?? [])].filter(([role]) => role === 'targets' || roles.has(role));
  const files = listed.map(([role, { version }]) => metadataObject(role, version));
  const top = snapshot === undefined ? [] : [metadataObject('snapshot', snapshot.version)];
  return [...roots, ...files, ...top, LAYOUT.timestamp];
}
