import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { canonicalJson, ed25519Key, keyIdOf } from '@swupd/manifests/trust';
import { type Digest, fromHex, publicKeyOf, toHex } from '@swupd/shared';
import { syncFolder } from '@swupd/shared/io';
import { KeyError } from './key-error.ts';
import { isKeyRole, type KeyRole } from './key-role.ts';

/** A secret key as it lies in a file. */
export interface SecretKey {
  readonly path: string;
  /** What the file says it is for; what it may sign is for the metadata to say. */
  readonly role: KeyRole;
  readonly keyId: Digest;
  /** 32 bytes. */
  readonly seed: Uint8Array;
}

const KEY_FILE = /^# swupd secret key: ([a-z]+)\n([0-9a-f]{64})\n$/;

/** A key file: a comment line with the role, and the seed as 64 hexadecimal digits. */
export function formatKeyFile(role: KeyRole, seed: Uint8Array): string {
  return `# swupd secret key: ${role}\n${toHex(seed)}\n`;
}

/** The public half of a secret key, as a line of canonical JSON: this is what travels. */
export function formatPublicFile(seed: Uint8Array): string {
  return `${canonicalJson(ed25519Key(publicKeyOf(seed)))}\n`;
}

/**
 * The secret key in the file `path`, which nobody but its owner may read.
 * @throws KeyError `keys-missing`, `key-exposed`, `bad-key`
 */
export function readKeyFile(path: string): SecretKey {
  const text = readPrivate(path, 0o077);
  const [, role, hex] = KEY_FILE.exec(text) ?? [];
  const seed = hex === undefined ? undefined : fromHex(hex);
  if (role === undefined || !isKeyRole(role) || seed === undefined) {
    throw new KeyError('bad-key', `${path} is no key file`, {
      details: { path },
      hint: 'Restore the file from your backup: a comment line with the role, and a line of 64 hexadecimal digits.',
    });
  }
  return { path, role, keyId: keyIdOf(ed25519Key(publicKeyOf(seed))), seed };
}

/**
 * The text of a file that is refused where others have one of the rights `mode`. The handle is asked, not the name, so that
 * what was checked is what is read.
 * @throws KeyError `keys-missing`, `key-exposed`
 */
export function readPrivate(path: string, mode: number): string {
  const fd = openKey(path);
  try {
    const rights = fstatSync(fd).mode & 0o777;
    if ((rights & mode) === 0) return readFileSync(fd, 'latin1');
    throw new KeyError('key-exposed', `other users have access to ${path} (mode ${rights.toString(8)})`, {
      details: { path, mode: rights.toString(8) },
      hint: `Run 'chmod 600 ${path}'. If somebody else may have used it, replace the key: swupd-server keys rotate.`,
    });
  } finally {
    closeSync(fd);
  }
}

/**
 * Writes `PATH.key` with the secret, for the owner only, and `PATH.pub` beside it.
 * @throws KeyError `keys-exist`
 */
export function writeKeyPair(path: string, role: KeyRole, seed: Uint8Array): void {
  writeNew(`${path}.key`, formatKeyFile(role, seed), 0o600);
  writeNew(`${path}.pub`, formatPublicFile(seed), 0o644);
}

function openKey(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new KeyError('keys-missing', `the key ${path} can't be read`, {
      cause,
      details: { path },
      hint: 'Check the path and the rights of the file.',
    });
  }
}

/** Written aside, and linked: the file is complete or not there, and takes nobody's name. */
function writeNew(path: string, text: string, mode: number): void {
  const aside = `${path}.new`;
  rmSync(aside, { force: true });
  const fd = openSync(aside, 'wx', mode);
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  try {
    linkSync(aside, path);
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).code === 'EEXIST' ? exists(path, cause) : cause;
  } finally {
    rmSync(aside);
  }
  syncFolder(dirname(path));
}

function exists(path: string, cause: unknown): KeyError {
  return new KeyError('keys-exist', `${path} exists; keys are never written over`, {
    cause,
    details: { path },
    hint: 'Pass another name, or move the old key away if nothing is signed with it.',
  });
}
