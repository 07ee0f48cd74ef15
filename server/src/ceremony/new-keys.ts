import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ed25519Key, type Json } from '@swupd/manifests/trust';
import { publicKeyOf } from '@swupd/shared';
import { syncFolder } from '@swupd/shared/io';
import { writeKeyPair } from '../keys/key-file.ts';
import type { KeyRole } from '../keys/key-role.ts';

/** Keys that were made just now. */
export interface NewKeys {
  /** The key objects. */
  readonly keys: readonly Json[];
  /** Their secret files. */
  readonly files: readonly string[];
  /** Takes them back: nothing knows them. */
  readonly remove: () => void;
}

/**
 * Makes `count` keys of a role in `folder`, as `ROLE-N.key` with numbers that were never used there.
 * @throws KeyError `keys-exist`
 */
export function makeKeys(
  folder: string,
  { role, count }: { readonly role: KeyRole; readonly count: number },
  randomBytes: (size: number) => Uint8Array,
): NewKeys {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const first = nextNumber(folder, role);
  const made = Array.from({ length: count }, (_, i) => {
    const path = join(folder, `${role}-${first + i}`);
    const seed = randomBytes(32);
    writeKeyPair(path, role, seed);
    return { path, key: ed25519Key(publicKeyOf(seed)) };
  });
  syncFolder(folder);
  return {
    keys: made.map(({ key }) => key),
    files: made.map(({ path }) => `${path}.key`),
    remove: () => {
      for (const { path } of made)
        for (const end of ['key', 'pub']) rmSync(`${path}.${end}`, { force: true });
    },
  };
}

/** A lone `build.key` counts as the first. */
function nextNumber(folder: string, role: KeyRole): number {
  const retired = join(folder, 'retired');
  const names = [folder, ...(existsSync(retired) ? [retired] : [])].flatMap((place) => readdirSync(place));
  const form = new RegExp(`^${role}(?:-([0-9]+))?\\.(?:key|pub)$`);
  const numbers = names.flatMap((name) => {
    const match = form.exec(name);
    return match === null ? [] : [Number(match[1] ?? 1)];
  });
  return Math.max(0, ...numbers) + 1;
}
