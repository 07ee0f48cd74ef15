import { usageError } from '../usage-error.ts';
import { answerDiagnose } from './diagnose-command.ts';
import { addInspectOptions, type InspectFlags, inspectOptions } from './inspect-options.ts';
import { examples, type Register } from './register.ts';
import { answerRepair } from './repair-command.ts';

interface VerifyFlags extends InspectFlags {
  readonly fix?: boolean;
  readonly dryRun?: boolean;
}

export const registerVerify: Register = (program, run) => {
  const command = program
    .command('verify')
    .summary('the same as diagnose, and with --fix as repair')
    .description('Compare the system with the installed build; with --fix, put right what differs.')
    .option('--fix', 'put right what differs');
  addInspectOptions(command);
  command
    .option('--dry-run', 'with --fix: show what would be downloaded and changed, and stop')
    .addHelpText('after', examples('swupd verify', 'swupd verify --fix'))
    .action((flags: VerifyFlags) =>
      run(command, async (session) => {
        const { fix = false, dryRun = false } = flags;
        const options = inspectOptions('verify', flags);
        if (fix) return answerRepair(session, { ...options, dryRun });
        if (dryRun)
          throw usageError('--dry-run needs --fix', "Without --fix, 'swupd verify' changes nothing anyway.");
        return answerDiagnose(session, options);
      }),
    );
};
