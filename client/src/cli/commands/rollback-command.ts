import type { RollbackResult } from '../../commands/rollback.ts';
import { versionOr } from '../parse-values.ts';
import { outcomeData, outcomeLines } from '../render/outcome.ts';
import { examples, type Register } from './register.ts';

interface RollbackFlags {
  readonly version?: number;
  readonly dryRun?: boolean;
}

export const registerRollback: Register = (program, run) => {
  const command = program
    .command('rollback')
    .summary('go back to the build before')
    .description(
      'Go back to the build that was installed before, with its bundles, from what the device has kept of it.\n' +
        'Needs no network. A second rollback goes forward again, and so does the next update.',
    );
  command
    .addOption(
      command
        .createOption('-V, --version <N>', 'go back to build N, one of those that are kept')
        .argParser(versionOr()),
    )
    .option('--dry-run', 'show what would be changed, and stop')
    .addHelpText('after', examples('swupd rollback', 'swupd rollback --dry-run --verbose'))
    .action((flags: RollbackFlags) =>
      run(command, async (session) => {
        const { rollback } = await import('../../commands/rollback.ts');
        const { version, dryRun = false } = flags;
        const result = await session.change((device) =>
          rollback(device, { ...(version === undefined ? {} : { version }), dryRun }),
        );
        const elapsed = session.elapsed();
        const { from, to, outcome } = result;
        return {
          exit: 0,
          quiet: () => [],
          data: () => ({ from, to, ...outcomeData(outcome, elapsed) }),
          text: () => [
            titleOf(result),
            ...outcomeLines(outcome, { elapsed, verbose: session.options.verbose }),
          ],
        };
      }),
    );
};

function titleOf({ from, to, outcome }: RollbackResult): string {
  const verb = to > from ? 'forward' : 'back';
  return outcome.dryRun
    ? `Would go ${verb} from build ${from} to build ${to}.`
    : `Went ${verb} from build ${from} to build ${to}.`;
}
