import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectName } from '@swupd/manifests';
import { BuildError } from '../build-error.ts';

/** The bytes of a published file that has to be there. @throws BuildError `bad-repository` */
export function readObject(repository: string, name: ObjectName): Uint8Array {
  try {
    return readFileSync(join(repository, name));
  } catch (cause) {
    throw damaged(repository, name, cause);
  }
}

/** The same for a file that may be missing. @throws BuildError `bad-repository` */
export function findObject(repository: string, name: ObjectName): Uint8Array | undefined {
  try {
    return readFileSync(join(repository, name));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw damaged(repository, name, cause);
  }
}

export function damaged(repository: string, name: ObjectName, cause?: unknown): BuildError {
  return new BuildError('bad-repository', `${join(repository, name)} is missing or damaged`, {
    cause,
    details: { name },
    hint: 'Restore the file from a copy of the repository and try again.',
  });
}
