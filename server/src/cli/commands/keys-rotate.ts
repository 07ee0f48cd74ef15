import type { Command } from 'commander';
import { namedKey } from '../../ceremony/named-key.ts';
import { replaceKeys } from '../../ceremony/replace-keys.ts';
import { parseKeyRole } from '../../metadata/key-roles.ts';
import type { CliIo } from '../cli-io.ts';
import { keyOptions } from '../options/key-options.ts';
import { absolutePath, collect, parseCount } from '../options/parse-options.ts';
import { formatRows, type Row } from '../show/format-rows.ts';
import { changeFields, changeRows } from '../show/show-change.ts';
import { addChangeOptions, type ChangeFlags, changeOptions, printResult } from './change-command.ts';

interface RotateFlags extends ChangeFlags {
  readonly replace?: readonly string[];
  readonly with?: readonly string[];
  readonly threshold?: string;
}

export function registerKeysRotate(keys: Command, io: CliIo): void {
  const command = keys
    .command('rotate')
    .summary('put new keys in the place of old ones')
    .description(
      'Replace keys of a role. Devices learn the new ones from metadata that the old ones have signed.\n' +
        'Without --with, keys are made in the folder of keys; old files go to its folder retired. Without --replace, it is ' +
        'the only key of the role, or all of them where all are files here.\n' +
        'Builds that are offered get signatures by a new build key. With too few keys at hand, the change waits in ' +
        "REPO.prepared for signatures: see 'swupd-server release --help'.",
    )
    .argument('<REPO>', 'folder of the repository')
    .argument('<ROLE>', 'root, release, build, snapshot or timestamp')
    .option(
      '--replace <KEYID>',
      'key that goes: its id, 8 digits of it at least, or its .pub file (repeatable)',
      collect,
    )
    .option('--with <PUBFILE>', 'public key that comes (repeatable)', collect)
    .option('--threshold <N>', 'how many keys have to sign from then on; with this only, the keys stay')
    .addHelpText(
      'after',
      '\nExample:\n  swupd-server keys rotate /srv/os root --replace root-1.pub --with root-4.pub',
    );
  addChangeOptions(command).action((repo: string, role: string, flags: RotateFlags) => {
    const repository = absolutePath(io, repo);
    const replaced = replaceKeys({
      ...changeOptions(repository, flags, io),
      role: parseKeyRole(role),
      replace: (flags.replace ?? []).map((text) => namedKey(text, (path) => absolutePath(io, path))),
      add: (flags.with ?? []).map((path) => absolutePath(io, path)),
      threshold: thresholdIn(flags),
      folder: keyOptions(repository, flags, io).folder,
      randomBytes: io.randomBytes,
    });
    const { gone, come, made } = replaced;
    printResult(io, flags.json, {
      object: { type: 'keys-rotate', gone, come, made, ...changeFields(replaced) },
      text: formatRows([...made.map((path): Row => ['new key', path]), ...changeRows(replaced, repository)]),
    });
  });
}

function thresholdIn({ threshold }: RotateFlags): number | undefined {
  return threshold === undefined ? undefined : parseCount('--threshold', threshold, { min: 1, max: 100 });
}
