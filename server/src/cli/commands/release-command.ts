import type { Command } from 'commander';
import type { CliIo } from '../cli-io.ts';
import { registerReleasePublish } from './release-publish.ts';
import { registerReleaseRenew } from './release-renew.ts';
import { registerReleaseSign } from './release-sign.ts';
import { registerReleaseStatus } from './release-status.ts';

export function registerRelease(program: Command, io: CliIo): void {
  const release = program
    .command('release')
    .summary('sign and publish what waits for signatures')
    .description(
      'Changes that need more signatures than there are keys at hand wait in the folder REPO.prepared. Carry that folder to ' +
        "those who have the keys; each runs 'release sign'. Then 'release publish' makes the change visible to devices.",
    )
    .addHelpText(
      'after',
      '\nExample:\n  swupd-server release sign os.prepared --key release-1.key\n  swupd-server release publish os\n' +
        "\nOptions: see 'swupd-server release COMMAND --help'",
    );
  registerReleaseSign(release, io);
  registerReleaseStatus(release, io);
  registerReleasePublish(release, io);
  registerReleaseRenew(release, io);
}
