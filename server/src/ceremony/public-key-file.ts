import { readFileSync } from 'node:fs';
import { ed25519Bytes, type Json, keyIdOf, parseJson } from '@swupd/manifests/trust';
import { CeremonyError } from './ceremony-error.ts';

/** The key object in a `.pub` file. @throws CeremonyError `bad-public-key` */
export function readPublicFile(path: string): Json {
  const key = parseJson(readBytes(path));
  if (key !== undefined && ed25519Bytes(key) !== undefined) return key;
  throw badFile(path, undefined);
}

/** The keys in several files, in their order. @throws CeremonyError `bad-public-key`, also where two are the same */
export function readPublicFiles(paths: readonly string[]): Json[] {
  const keys = new Map<string, Json>();
  for (const path of paths) {
    const key = readPublicFile(path);
    const id = keyIdOf(key);
    if (keys.has(id)) {
      throw new CeremonyError('bad-public-key', `${path} has a key that another file has too`, {
        details: { path, keyId: id },
        hint: 'Each holder has a key of his own.',
      });
    }
    keys.set(id, key);
  }
  return [...keys.values()];
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw badFile(path, cause);
  }
}

function badFile(path: string, cause: unknown): CeremonyError {
  return new CeremonyError('bad-public-key', `${path} has no public Ed25519 key`, {
    cause,
    details: { path },
    hint: "Pass the file NAME.pub that 'swupd-server keys generate NAME' has written.",
  });
}
