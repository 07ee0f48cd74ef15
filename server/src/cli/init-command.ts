import type { Command } from 'commander';
import { initRepository } from '../repository/init-repository.ts';
import type { CliIo } from './cli-io.ts';
import { absolutePath, publicationTime } from './parse-options.ts';

interface InitFlags {
  readonly keys?: string;
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
    .option('-j, --json', 'print the result as one JSON object')
    .addHelpText('after', '\nExample:\n  swupd-server init /srv/os --keys /etc/swupd/keys')
    .action((repo: string, flags: InitFlags) => {
      const repository = absolutePath(io, repo);
      const keys = flags.keys === undefined ? `${repository}.keys` : absolutePath(io, flags.keys);
      const { randomBytes } = io;
      const founded = initRepository({ repository, keys, time: publicationTime(io), randomBytes });
      io.stdout.write(
        flags.json
          ? `${JSON.stringify({ type: 'init', ...founded })}\n`
          : `repository    ${founded.repository}\nsecret keys   ${founded.keys}\ntrust anchor  ${founded.trustAnchor}\n`,
      );
      io.stderr.write('Keep the secret keys where only builds can read them, and have a copy elsewhere.\n');
    });
}
