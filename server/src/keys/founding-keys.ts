import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ed25519Key, keyIdOf } from '@swupd/manifests/trust';
import { publicKeyOf } from '@swupd/shared';
import { syncFolder } from '@swupd/shared/io';
import { type SecretKey, writeKeyPair } from './key-file.ts';
import type { KeyRole } from './key-role.ts';

/** Keys that are not in files yet; the path is the name of the file to come, without its ending. */
export type FoundingKeys = readonly SecretKey[];

/** How many keys a role has by default. Two of three are enough to sign: one may be lost, and one stolen. */
const COUNTS: readonly (readonly [KeyRole, number])[] = [
  ['root', 3],
  ['release', 3],
  ['build', 1],
  ['snapshot', 1],
  ['timestamp', 1],
];

/** Makes the keys of all roles: `root-1` to `root-3`, `release-1` to `release-3`, `build`, `snapshot` and `timestamp`. */
export function makeKeys(randomBytes: (size: number) => Uint8Array): FoundingKeys {
  return COUNTS.flatMap(([role, count]) =>
    Array.from({ length: count }, (_, i): SecretKey => {
      const seed = randomBytes(32);
      const path = count === 1 ? role : `${role}-${i + 1}`;
      return { path, role, keyId: keyIdOf(ed25519Key(publicKeyOf(seed))), seed };
    }),
  );
}

/** Makes the folder `folder` with the files of all keys, for its owner only; all of them or nothing. */
export function writeKeys(folder: string, keys: FoundingKeys): void {
  const aside = `${folder}.new`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  for (const { path, role, seed } of keys) writeKeyPair(join(aside, path), role, seed);
  syncFolder(aside);
  renameSync(aside, folder);
  syncFolder(dirname(folder));
}
