import type { Command } from 'commander';
import { readPublicFiles } from '../../ceremony/public-key-file.ts';
import {
  type Founded,
  type InitOptions,
  initRepository,
  type OfflineRole,
} from '../../publication/init-repository.ts';
import type { CliIo } from '../cli-io.ts';
import {
  absolutePath,
  collect,
  parseCount,
  parseProduct,
  publicationTime,
} from '../options/parse-options.ts';
import { formatRows, type Row } from '../show/format-rows.ts';
import { missingText, signRows } from '../show/show-change.ts';

const KEEP =
  'Keep the secret keys where only builds can read them, and have a copy elsewhere. The keys root-1 to root-3 belong offline;\n' +
  'docs/keys.md says how to share the keys among several people.\n';

interface InitFlags {
  readonly keys?: string;
  readonly product?: string;
  readonly rootKey?: readonly string[];
  readonly rootThreshold?: string;
  readonly releaseKey?: readonly string[];
  readonly releaseThreshold?: string;
  readonly json?: boolean;
}

export function registerInit(program: Command, io: CliIo): void {
  program
    .command('init')
    .summary('found a repository: keys and first metadata')
    .description(
      'Found a repository in the folder REPO: make its signing keys and the trust anchor that devices need.\n' +
        'Nothing that exists is written over. SOURCE_DATE_EPOCH is honoured.\n' +
        'Where public keys are named, their holders sign the first metadata before the repository is there: docs/keys.md.',
    )
    .argument('<REPO>', 'folder of the repository; must not exist, or be empty')
    .option('--keys <DIR>', 'folder for the secret keys (default: REPO.keys)')
    .option(
      '--product <NAME>',
      'what it is for; devices never go from one product to another (default: random)',
    )
    .option('--root-key <PUBFILE>', 'a root key whose secret is elsewhere (repeatable)', collect)
    .option('--root-threshold <N>', 'how many root keys have to sign (default: 2, or 1 of one)')
    .option('--release-key <PUBFILE>', 'a release key whose secret is elsewhere (repeatable)', collect)
    .option('--release-threshold <N>', 'how many release keys have to sign (default: 2, or 1 of one)')
    .option('-j, --json', 'print the result as one JSON object')
    .addHelpText('after', '\nExample:\n  swupd-server init /srv/os --keys /etc/swupd/keys')
    .action((repo: string, flags: InitFlags) => {
      const repository = absolutePath(io, repo);
      const keys = flags.keys === undefined ? `${repository}.keys` : absolutePath(io, flags.keys);
      const { randomBytes } = io;
      const product = flags.product === undefined ? undefined : parseProduct(flags.product);
      const time = publicationTime(io);
      const founded = initRepository({
        repository,
        keys,
        product,
        time,
        randomBytes,
        ...givenKeys(flags, io),
      });
      io.stdout.write(
        flags.json ? `${JSON.stringify({ type: 'init', ...founded })}\n` : formatFounded(founded),
      );
      io.stderr.write(KEEP);
    });
}

function formatFounded({ repository, product, keys, trustAnchor, missing }: Founded): string {
  const waits = missing.map((part): Row => ['waits', missingText(part)]);
  return formatRows([
    ['repository', repository],
    ['product', product],
    ['secret keys', keys],
    ['trust anchor', trustAnchor],
    ...(waits.length === 0 ? [] : [...waits, ...signRows(repository)]),
  ]);
}

const MADE = 3;

/** The keys that are elsewhere, and how many have to sign. @throws BuildError `bad-option`; CeremonyError `bad-public-key` */
function givenKeys(
  { rootKey, rootThreshold, releaseKey, releaseThreshold }: InitFlags,
  io: CliIo,
): Pick<InitOptions, 'given' | 'thresholds'> {
  const read = (role: OfflineRole, files: readonly string[] | undefined) =>
    files === undefined ? {} : { [role]: readPublicFiles(files.map((path) => absolutePath(io, path))) };
  const count = (role: OfflineRole, text: string | undefined, max: number) =>
    text === undefined ? {} : { [role]: parseCount(`--${role}-threshold`, text, { min: 1, max }) };
  return {
    given: { ...read('root', rootKey), ...read('release', releaseKey) },
    thresholds: {
      ...count('root', rootThreshold, rootKey?.length ?? MADE),
      ...count('release', releaseThreshold, releaseKey?.length ?? MADE),
    },
  };
}
