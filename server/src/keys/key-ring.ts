import { existsSync } from 'node:fs';
import type { Signature } from '@swupd/manifests/trust';
import { signEd25519, toHex } from '@swupd/shared';
import type { SecretKey } from './key-file.ts';
import { readKeyFolder } from './key-folder.ts';
import { keyRoleOf } from './key-role.ts';
import { badSignature, type Environment, runSigner } from './run-signer.ts';
import type { Signer } from './signer.ts';

/** The keys that may sign for a role, by key id, and how many have to. */
export interface SigningRole {
  readonly keys: ReadonlyMap<string, { verify(signature: Uint8Array, message: Uint8Array): boolean }>;
  readonly threshold: number;
}

export interface KeyRingOptions {
  /** Folder of key files. */
  readonly folder: string;
  /** Signers beside those of the folder. */
  readonly signers: readonly Signer[];
  /** For the commands of signers. */
  readonly env: Environment;
}

/** The keys at hand: files, and commands that sign. Signs with as many as a role needs, and with the same ones each time. */
export class KeyRing {
  readonly secrets: readonly SecretKey[];
  readonly signers: readonly Signer[];
  readonly #env: Environment;

  constructor(secrets: readonly SecretKey[], signers: readonly Signer[], env: Environment) {
    this.secrets = secrets;
    this.signers = signers;
    this.#env = env;
  }

  /**
   * The keys in a folder and behind signers. A folder that is not there is an error unless signers stand in for it.
   * @throws KeyError `keys-missing`, `key-exposed`, `bad-key`
   */
  static open({ folder, signers, env }: KeyRingOptions): KeyRing {
    if (signers.length > 0 && !existsSync(folder)) return new KeyRing([], signers, env);
    const found = readKeyFolder(folder);
    return new KeyRing(found.secrets, [...found.signers, ...signers], env);
  }

  /** How many keys of `role` are at hand, as far as it can be known without signing: a signer counts as one. */
  count(role: string, { keys }: SigningRole): number {
    const files = this.secrets.filter(({ keyId }) => keys.has(keyId));
    return new Set(files.map(({ keyId }) => keyId)).size + this.#signersOf(role).length;
  }

  /**
   * Signatures of `message` for the metadata role `role`, beside those that it `has`: as many as its threshold still needs,
   * or fewer where there are no more keys. Files go before commands, lower key ids before higher. Each is good.
   * @throws KeyError `signer-failed`, `bad-signature`
   */
  sign(
    role: string,
    { keys, threshold }: SigningRole,
    { message, has = [] }: { readonly message: Uint8Array; readonly has?: readonly Signature[] },
  ): Signature[] {
    const taken = new Set(has.map(({ keyid }) => keyid));
    const made: Signature[] = [];
    const isEnough = (): boolean => has.length + made.length >= threshold;
    const add = (keyid: string, bytes: Uint8Array): void => {
      if (taken.has(keyid)) return;
      taken.add(keyid);
      made.push({ keyid, sig: toHex(bytes) });
    };
    for (const { keyId, seed } of this.secrets) {
      if (!isEnough() && keys.has(keyId) && !taken.has(keyId)) add(keyId, signEd25519(message, seed));
    }
    for (const signer of this.#signersOf(role)) {
      if (isEnough()) break;
      const bytes = runSigner(signer, { role: keyRoleOf(role), message, env: this.#env });
      const owner = [...keys].find(([, key]) => key.verify(bytes, message));
      if (owner === undefined)
        throw badSignature(signer.origin, role, `gave a signature by no key of ${role}`);
      add(owner[0], bytes);
    }
    return made;
  }

  /** Those for the role first: they are meant. */
  #signersOf(role: string): Signer[] {
    const wanted = keyRoleOf(role);
    const own = this.signers.filter((signer) => signer.role === wanted);
    return [...own, ...this.signers.filter((signer) => signer.role === undefined)];
  }
}
