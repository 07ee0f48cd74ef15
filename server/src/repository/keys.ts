import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { ed25519Key, keyIdOf, ROLES, type RoleName, type Root } from '@swupd/manifests';
import { fromHex, publicKeyOf, toHex } from '@swupd/shared';
import { syncFolder } from '@swupd/shared/io';
import { BuildError } from '../build-error.ts';

/** The secret Ed25519 seed (32 bytes) of each role. */
export type SecretKeys = Readonly<Record<RoleName, Uint8Array>>;

/** The keys that a build needs. */
export type BuildKeys = Pick<SecretKeys, 'timestamp' | 'targets'>;

const KEY_FILE = /^# swupd secret key: ([a-z]+)\n([0-9a-f]{64})\n$/;

/** A key file: a comment line with the role, and the seed as 64 hexadecimal digits. */
export function formatKeyFile(role: RoleName, seed: Uint8Array): string {
  return `# swupd secret key: ${role}\n${toHex(seed)}\n`;
}

/**
 * Makes the folder `folder` with a key file for each role, readable for the owner only; all of them or nothing.
 * @throws BuildError `keys-exist`
 */
export function writeKeys(folder: string, keys: SecretKeys): void {
  const aside = `${folder}.new`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  for (const role of ROLES) writeSecret(join(aside, `${role}.key`), formatKeyFile(role, keys[role]));
  syncFolder(aside);
  renameSync(aside, folder);
  syncFolder(dirname(folder));
}

/**
 * The keys that sign a build. A key that the root does not give to its role is refused: nobody could verify what it signs.
 * @throws BuildError `keys-missing`, `bad-key`
 */
export function readBuildKeys(folder: string, root: Root): BuildKeys {
  return {
    timestamp: readKey(folder, 'timestamp', root),
    targets: readKey(folder, 'targets', root),
  };
}

function readKey(folder: string, role: RoleName, root: Root): Uint8Array {
  const path = join(folder, `${role}.key`);
  const [, name, hex] = KEY_FILE.exec(readKeyFile(path, role)) ?? [];
  const seed = hex === undefined ? undefined : fromHex(hex);
  if (name !== role || seed === undefined) {
    throw new BuildError('bad-key', `${path} is no key file of the role ${role}`, {
      details: { path, role },
      hint: 'Restore the file from your backup: a comment line with the role, and a line of 64 hexadecimal digits.',
    });
  }
  const keyId = keyIdOf({ ...ed25519Key(publicKeyOf(seed)) });
  if (root.roles[role].keys.has(keyId)) return seed;
  throw new BuildError('bad-key', `${path} does not belong to this repository`, {
    details: { path, role },
    hint: 'Pass the folder with the keys that init made for this repository with --keys.',
  });
}

function readKeyFile(path: string, role: RoleName): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (cause) {
    throw new BuildError('keys-missing', `the ${role} key ${path} can't be read`, {
      cause,
      details: { path, role },
      hint: 'Pass the folder with the keys that init made with --keys.',
    });
  }
}

function writeSecret(path: string, text: string): void {
  const fd = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
