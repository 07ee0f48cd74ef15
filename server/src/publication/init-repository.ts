import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { ed25519Key, type Json, type KeysInput } from '@swupd/manifests/trust';
import { publicKeyOf, toHex } from '@swupd/shared';
import { syncFolder, writeFileAtomic } from '@swupd/shared/io';
import { asBuildError, BuildError } from '../build-error.ts';
import { type FoundingKeys, makeKeys, writeKeys } from '../keys/founding-keys.ts';
import { KeyError } from '../keys/key-error.ts';
import { KeyRing } from '../keys/key-ring.ts';
import type { KeyRole } from '../keys/key-role.ts';
import { foundMetadata } from '../metadata/found-metadata.ts';
import { ROLE_LIFE } from '../metadata/role-life.ts';
import type { MetadataFile } from './pending-publication.ts';
import { type PlannedPublication, planPublication } from './plan-publication.ts';
import { preparedFolder, readPrepared, writePrepared } from './prepared-metadata.ts';
import type { MissingSignatures } from './sign-part.ts';

export interface InitOptions {
  readonly repository: string;
  readonly keys: string;
  /** What the repository is for: devices never go from one product to another. By default, random digits. */
  readonly product: string | undefined;
  /** When the repository is founded, seconds since 1970. */
  readonly time: number;
  /** Gives that many secret random bytes. */
  readonly randomBytes: (size: number) => Uint8Array;
  /** Public keys whose secrets are elsewhere; those of other roles are made. */
  readonly given?: Partial<Readonly<Record<OfflineRole, readonly Json[]>>>;
  /** How many of its keys have to sign for a role; 2 by default, or 1 of one. */
  readonly thresholds?: Partial<Readonly<Record<OfflineRole, number>>>;
}

/** Roles whose keys may be with people from the first day. */
export type OfflineRole = 'root' | 'release';

export interface Founded {
  readonly repository: string;
  readonly keys: string;
  readonly product: string;
  /** The file that devices need. */
  readonly trustAnchor: string;
  /** What others have to sign before the repository is there; nothing where all keys were made. */
  readonly missing: readonly MissingSignatures[];
}

/** Channels that a repository is founded with. */
const CHANNELS = ['stable', 'beta'];

/**
 * Founds a repository: the keys of each role, and the first version of all metadata. What exists is never written over. Where keys are
 * elsewhere, the metadata wait for their signatures in place of a repository.
 * @throws BuildError `repository-exists`; KeyError `keys-exist`
 */
export function initRepository(options: InitOptions): Founded {
  const { repository, keys, time, randomBytes } = options;
  try {
    checkFree(repository, keys);
    const given = options.given ?? {};
    const made = makeKeys(randomBytes).filter(({ role }) => !Object.hasOwn(given, role));
    const product = options.product ?? toHex(randomBytes(8));
    const groups = groupsOf(made, options);
    const plan = planFirst(groups, made, { repository, product, time });
    writeKeys(keys, made);
    if (plan.kind === 'complete') writeRepository(repository, plan.files);
    else writePrepared(repository, plan.parts, undefined);
    const missing = plan.kind === 'complete' ? [] : plan.missing;
    return { repository, keys, product, trustAnchor: join(repository, LAYOUT.root(1)), missing };
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
  if (readPrepared(repository).length > 0) {
    throw new BuildError('repository-exists', `${repository} is founded already, and waits for signatures`, {
      hint: `See 'swupd-server release status ${repository}', or remove ${preparedFolder(repository)}.`,
    });
  }
  if (existsSync(keys)) {
    throw new KeyError('keys-exist', `${keys} exists; keys are never written over`, {
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

type Groups = Readonly<Record<KeyRole, KeysInput>>;

function planFirst(
  keys: Groups,
  made: FoundingKeys,
  { repository, product, time }: { repository: string; product: string; time: number },
): PlannedPublication {
  const change = foundMetadata({ product, channels: CHANNELS, time, keys });
  const ring = new KeyRing(made, [], {});
  return planPublication(change, { repository, state: undefined, ring, time, life: ROLE_LIFE.timestamp });
}

function groupsOf(made: FoundingKeys, { given, thresholds }: InitOptions): Groups {
  const groupOf = (role: KeyRole): KeysInput => {
    const isOffline = role === 'root' || role === 'release';
    const own = made.filter((key) => key.role === role).map(({ seed }) => ed25519Key(publicKeyOf(seed)));
    const keys = (isOffline ? given?.[role] : undefined) ?? own;
    const threshold = isOffline ? thresholds?.[role] : 1;
    return { keys, threshold: threshold ?? Math.min(2, keys.length) };
  };
  return {
    root: groupOf('root'),
    release: groupOf('release'),
    build: groupOf('build'),
    snapshot: groupOf('snapshot'),
    timestamp: groupOf('timestamp'),
  };
}

/** Makes the repository of its first files, complete or not at all. */
export function writeRepository(repository: string, files: readonly MetadataFile[]): void {
  const aside = `${repository}.new`;
  rmSync(aside, { recursive: true, force: true });
  for (const { name, bytes } of files) {
    const path = join(aside, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileAtomic(path, bytes);
  }
  syncFolder(aside);
  renameSync(aside, repository);
  syncFolder(dirname(repository));
}
