import type { Command } from 'commander';
import { type Founded, initRepository } from '../publication/init-repository.ts';
import type { CliIo } from './cli-io.ts';
import { absolutePath, parseProduct, publicationTime } from './parse-options.ts';

const KEEP =
  'Keep the secret keys where only builds can read them, and have a copy elsewhere. The keys root-1 to root-3 belong offline;\n' +
  'docs/keys.md says how to share the keys among several people.\n';

interface InitFlags {
  readonly keys?: string;
  readonly product?: string;
  readonly json?: boolean;
}

export function registerInit(program: Command, io: CliIo): void {
  program
    .command('init')
    .summary('found a repository: keys and first metadata')
    .description(
      'Found a repository in the folder REPO: make its signing keys and the trust anchor that devices need.\n' +
        'Nothing that exists is written over. SOURCE_DATE_EPOCH is honoured.',
    )
    .argument('<REPO>', 'folder of the repository; must not exist, or be empty')
    .option('--keys <DIR>', 'folder for the secret keys (default: REPO.keys)')
    .option(
      '--product <NAME>',
      'what it is for; devices never go from one product to another (default: random)',
    )
    .option('-j, --json', 'print the result as one JSON object')
    .addHelpText('after', '\nExample:\n  swupd-server init /srv/os --keys /etc/swupd/keys')
    .action((repo: string, flags: InitFlags) => {
      const repository = absolutePath(io, repo);
      const keys = flags.keys === undefined ? `${repository}.keys` : absolutePath(io, flags.keys);
      const { randomBytes } = io;
      const product = flags.product === undefined ? undefined : parseProduct(flags.product);
      const founded = initRepository({ repository, keys, product, time: publicationTime(io), randomBytes });
      io.stdout.write(
        flags.json ? `${JSON.stringify({ type: 'init', ...founded })}\n` : formatFounded(founded),
      );
      io.stderr.write(KEEP);
    });
}

function formatFounded({ repository, product, keys, trustAnchor }: Founded): string {
  return `repository    ${repository}\nproduct       ${product}\nsecret keys   ${keys}\ntrust anchor  ${trustAnchor}\n`;
}
