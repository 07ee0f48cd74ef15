import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { plural } from '@swupd/shared/terminal';
import type { Command } from 'commander';
import { asBuildError, BuildError } from '../../build-error.ts';
import { readPreparedRelease } from '../../ceremony/prepared-release.ts';
import { describePrepared, type SignedFile, signPrepared } from '../../ceremony/sign-prepared.ts';
import { readKeyFile } from '../../keys/key-file.ts';
import { KeyRing } from '../../keys/key-ring.ts';
import { parseSignerOption } from '../../keys/signer.ts';
import { preparedFolder } from '../../publication/prepared-metadata.ts';
import type { CliIo } from '../cli-io.ts';
import { absolutePath, collect } from '../options/parse-options.ts';
import { formatRows, type Row } from '../show/format-rows.ts';
import { explainedRows, missingText } from '../show/show-change.ts';
import { printResult } from './change-command.ts';

interface SignFlags {
  readonly key?: readonly string[];
  readonly signer?: readonly string[];
  readonly root?: string;
  readonly show?: boolean;
  readonly json?: boolean;
}

export function registerReleaseSign(release: Command, io: CliIo): void {
  release
    .command('sign')
    .summary('add a signature to prepared metadata; offline, no repository is needed')
    .description(
      'Say in words what prepared metadata change, and sign them. FILE is a file of REPO.prepared/metadata, or the folder ' +
        'REPO.prepared itself for all files that the key has a part in. The folder has to be whole: a copy of what is published lies in it, ' +
        'from which keys and differences are known. Nothing is signed twice, and nothing beyond the threshold.',
    )
    .argument('<FILE...>', 'files to sign, or the folder REPO.prepared')
    .option('--key <KEYFILE>', 'file with the secret key (repeatable)', collect)
    .option('--signer <[ROLE=]COMMAND>', 'command that signs in the place of a file (repeatable)', collect)
    .option('--root <FILE>', 'a root.json that you know to be right; refuse what does not follow from it')
    .option('--show', 'only say what the files change')
    .option('-j, --json', 'print one JSON object a file')
    .addHelpText(
      'after',
      '\nExample:\n  swupd-server release sign /media/stick/os.prepared --key ~/keys/release-1.key',
    )
    .action((files: readonly string[], flags: SignFlags) => {
      try {
        const ring = flags.show === true ? undefined : ringOf(flags, io);
        const { folder, paths } = findFolder(files.map((file) => absolutePath(io, file)));
        const root = flags.root === undefined ? undefined : readFileSync(absolutePath(io, flags.root));
        const prepared = readPreparedRelease(folder, root);
        const results =
          ring === undefined
            ? describePrepared(prepared).filter(({ path }) => paths === undefined || paths.includes(path))
            : signPrepared(prepared, ring, paths);
        for (const file of results) {
          printResult(io, flags.json, {
            object: { type: 'signature', ...file },
            text: `${formatRows(signedRows(file, flags.show === true))}\n`,
          });
        }
      } catch (error) {
        throw asBuildError(error);
      }
    });
}

function ringOf({ key = [], signer = [] }: SignFlags, io: CliIo): KeyRing {
  if (key.length === 0 && signer.length === 0) {
    throw new BuildError('bad-option', 'neither a key nor a signer is named', {
      hint: 'Pass --key KEYFILE or --signer COMMAND, or --show to look only.',
    });
  }
  const secrets = key.map((path) => readKeyFile(absolutePath(io, path)));
  return new KeyRing(secrets, signer.map(parseSignerOption), io.env);
}

/** The folder of the prepared change, and the files in it that are meant; undefined for all. */
function findFolder(paths: readonly string[]): { folder: string; paths: readonly string[] | undefined } {
  const [first = ''] = paths;
  if (paths.length === 1 && statSync(first).isDirectory()) {
    // Where a repository is named, what waits for it is meant.
    const isRepository = existsSync(join(first, LAYOUT.timestamp));
    return { folder: isRepository ? preparedFolder(first) : first, paths: undefined };
  }
  const folder = dirname(dirname(first));
  const stray = paths.find((path) => dirname(dirname(path)) !== folder);
  if (stray === undefined) return { folder, paths };
  throw new BuildError('bad-option', `${stray} is in another folder than ${first}`, {
    details: { path: stray },
    hint: 'Sign one prepared change after the other.',
  });
}

function signedRows({ path, expires, says, added, missing, signed }: SignedFile, isShown: boolean): Row[] {
  const state =
    missing === undefined ? `complete, with ${plural(signed.length, 'signature')}` : missingText(missing);
  const signing: Row[] =
    added.length > 0
      ? added.map((keyId): Row => ['signed', `with key ${keyId}`])
      : [['signed', 'nothing to add: this key has signed, or enough others have']];
  return [
    ...explainedRows(basename(path), says),
    ['expires', expires],
    ...(isShown ? [] : signing),
    ['state', state],
  ];
}
