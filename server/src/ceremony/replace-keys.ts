import { keyIdOf } from '@swupd/manifests/trust';
import type { Digest } from '@swupd/shared';
import { KeyError } from '../keys/key-error.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { KeyRole } from '../keys/key-role.ts';
import { rotateKeys } from '../metadata/change-keys.ts';
import { findKey, groupOf } from '../metadata/key-roles.ts';
import { MetadataError } from '../metadata/metadata-error.ts';
import type { Policy } from '../metadata/policy.ts';
import { workingPolicy } from '../metadata/working-policy.ts';
import { CeremonyError } from './ceremony-error.ts';
import { type ChangeOptions, type ChangeOutcome, changeRepository } from './change-repository.ts';
import { makeKeys, type NewKeys } from './new-keys.ts';
import { readPublicFiles } from './public-key-file.ts';

export interface ReplaceOptions extends ChangeOptions {
  readonly role: KeyRole;
  /** Ids of keys that go, or the beginnings of them. Where none is named: the only key, or all that are files here. */
  readonly replace: readonly string[];
  /** Public files of keys that come. Where none is named, keys are made in `folder`. */
  readonly add: readonly string[];
  /** How many keys have to sign then. With nothing else, the keys stay. */
  readonly threshold?: number | undefined;
  readonly folder: string;
  readonly randomBytes: (size: number) => Uint8Array;
}

export interface Replaced extends ChangeOutcome {
  readonly gone: readonly Digest[];
  readonly come: readonly Digest[];
  /** Secret files of keys that were made. */
  readonly made: readonly string[];
}

/**
 * Puts other keys in the place of some of a role's.
 * @throws MetadataError `which-key` and what `rotateKeys` throws; KeyError; CeremonyError `bad-public-key`
 */
export function replaceKeys(options: ReplaceOptions): Replaced {
  const { role, add, threshold, folder, randomBytes } = options;
  let made: NewKeys | undefined;
  let gone: Digest[] = [];
  let come: Digest[] = [];
  try {
    const outcome = changeRepository(options, (base) => {
      const policy = workingPolicy(base);
      gone = chooseKeys(policy, options);
      made = add.length > 0 ? undefined : makeKeys(folder, { role, count: gone.length }, randomBytes);
      const keys = made?.keys ?? readPublicFiles(add);
      come = keys.map(keyIdOf);
      return rotateKeys(base, { role, replace: gone, add: keys, threshold });
    });
    return { ...outcome, gone, come, made: made?.files ?? [] };
  } catch (error) {
    // Errors of these areas come before anything is written. After any other, the metadata may name the new keys already.
    const isEarly =
      error instanceof KeyError || error instanceof MetadataError || error instanceof CeremonyError;
    if (isEarly) made?.remove();
    throw error;
  }
}

function chooseKeys(policy: Policy, options: ReplaceOptions): Digest[] {
  const { role, replace, add, threshold, openRing } = options;
  if (threshold !== undefined && replace.length === 0 && add.length === 0) return [];
  if (replace.length > 0) return replace.map((text) => findKey(policy, text).id);
  const ids = groupOf(policy, role).keys.map(keyIdOf);
  const [only] = ids;
  if (only !== undefined && ids.length === 1) return [only];
  if (add.length === 0 && areFiles(ids, openRing())) return ids;
  throw new MetadataError('which-key', `${role} has ${ids.length} keys`, {
    details: { role, keyIds: ids },
    hint: 'Name the key that goes with --replace KEYID.',
  });
}

function areFiles(ids: readonly Digest[], { secrets }: KeyRing): boolean {
  return ids.every((id) => secrets.some(({ keyId }) => keyId === id));
}
