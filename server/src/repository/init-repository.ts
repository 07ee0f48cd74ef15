import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatRoot, LAYOUT, ROLES } from '@swupd/manifests';
import { publicKeyOf } from '@swupd/shared';
import { syncFolder, writeFileAtomic } from '@swupd/shared/io';
import { asBuildError, BuildError } from '../build-error.ts';
import { type SecretKeys, writeKeys } from './keys.ts';

export interface InitOptions {
  readonly repository: string;
  readonly keys: string;
  /** When the repository is founded, seconds since 1970. */
  readonly time: number;
  /** Gives that many secret random bytes. */
  readonly randomBytes: (size: number) => Uint8Array;
}

export interface Founded {
  readonly repository: string;
  readonly keys: string;
  /** The file that devices need. */
  readonly trustAnchor: string;
}

const ROOT_LIFE_DAYS = 365;

/**
 * Founds a repository: a key for each role, and the root metadata that names them. What exists is never written over.
 * @throws BuildError `repository-exists`, `keys-exist`
 */
export function initRepository({ repository, keys, time, randomBytes }: InitOptions): Founded {
  try {
    checkFree(repository, keys);
    const secrets = Object.fromEntries(ROLES.map((role) => [role, randomBytes(32)])) as unknown as SecretKeys;
    writeKeys(keys, secrets);
    writeRepository(repository, rootBytes(secrets, time));
    return { repository, keys, trustAnchor: join(repository, LAYOUT.root(1)) };
  } catch (error) {
    throw asBuildError(error);
  }
}

function checkFree(repository: string, keys: string): void {
  if (existsSync(repository) && !isEmptyFolder(repository)) {
    throw new BuildError('repository-exists', `${repository} exists and is not empty`, {
      hint: 'Pass a folder that does not exist yet.',
    });
  }
  if (existsSync(keys)) {
    throw new BuildError('keys-exist', `${keys} exists; keys are never written over`, {
      hint: 'Pass another folder with --keys, or move the old keys away if nothing is signed with them.',
    });
  }
}

function isEmptyFolder(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch {
    return false;
  }
}

function rootBytes(secrets: SecretKeys, time: number): Buffer {
  const publicKeys = {
    root: publicKeyOf(secrets.root),
    timestamp: publicKeyOf(secrets.timestamp),
    snapshot: publicKeyOf(secrets.snapshot),
    targets: publicKeyOf(secrets.targets),
  };
  return formatRoot({
    version: 1,
    expires: time + ROOT_LIFE_DAYS * 86_400,
    publicKeys,
    rootSeed: secrets.root,
  });
}

function writeRepository(repository: string, root: Uint8Array): void {
  const aside = `${repository}.new`;
  rmSync(aside, { recursive: true, force: true });
  const path = join(aside, LAYOUT.root(1));
  mkdirSync(dirname(path), { recursive: true });
  writeFileAtomic(path, root);
  syncFolder(aside);
  renameSync(aside, repository);
  syncFolder(dirname(repository));
}
