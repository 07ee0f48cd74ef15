import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { KeyError } from './key-error.ts';
import { readKeyFile, readPrivate, type SecretKey } from './key-file.ts';
import { parseSignerFile, type Signer } from './signer.ts';

/** The keys of one folder. */
export interface KeyFolder {
  /** Sorted by key id. */
  readonly secrets: readonly SecretKey[];
  /** Sorted by file name. */
  readonly signers: readonly Signer[];
}

/**
 * Reads all `*.key` and `*.signer` files of `folder`. A file that others can use is refused, also where it is not needed now.
 * @throws KeyError `keys-missing`, `key-exposed`, `bad-key`
 */
export function readKeyFolder(folder: string): KeyFolder {
  const names = listFolder(folder).sort();
  const secrets = names
    .filter((name) => name.endsWith('.key'))
    .map((name) => readKeyFile(join(folder, name)))
    .sort((a, b) => (a.keyId < b.keyId ? -1 : 1));
  const signers = names
    .filter((name) => name.endsWith('.signer'))
    .map((name) => readSignerFile(join(folder, name)));
  return { secrets, signers };
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw new KeyError('keys-missing', `the folder of keys ${folder} can't be read`, {
      cause,
      details: { folder },
      hint: 'Pass the folder with the keys that init made with --keys.',
    });
  }
}

/** The command is run: whoever can change it has the key. Reading it harms nobody. */
function readSignerFile(path: string): Signer {
  const signer = parseSignerFile(readPrivate(path, 0o022), path);
  if (signer !== undefined) return signer;
  throw new KeyError('bad-key', `${path} is no signer file`, {
    details: { path },
    hint: "Write two lines: '# swupd signer: ROLE', and the command.",
  });
}
