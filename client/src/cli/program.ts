import { Command } from 'commander';
import type { CliIo } from './cli-io.ts';
import { registerBundleAdd } from './commands/bundle-add-command.ts';
import { registerBundleInfo } from './commands/bundle-info-command.ts';
import { registerBundleList } from './commands/bundle-list-command.ts';
import { registerBundleRemove } from './commands/bundle-remove-command.ts';
import { registerCheckUpdate } from './commands/check-update-command.ts';
import { registerClean } from './commands/clean-command.ts';
import { registerDiagnose } from './commands/diagnose-command.ts';
import { registerHistory } from './commands/history-command.ts';
import { registerInfo } from './commands/info-command.ts';
import { registerOsInstall } from './commands/os-install-command.ts';
import { registerRecover } from './commands/recover-command.ts';
import type { Register, Run } from './commands/register.ts';
import { registerRepair } from './commands/repair-command.ts';
import { registerRollback } from './commands/rollback-command.ts';
import { registerUpdate } from './commands/update-command.ts';
import { registerVerify } from './commands/verify-command.ts';
import { addGlobalOptions } from './global-options.ts';

const COMMANDS: readonly Register[] = [
  registerInfo,
  registerCheckUpdate,
  registerUpdate,
  registerBundleAdd,
  registerBundleRemove,
  registerBundleList,
  registerBundleInfo,
  registerDiagnose,
  registerRepair,
  registerVerify,
  registerOsInstall,
  registerRollback,
  registerHistory,
  registerRecover,
  registerClean,
];

const HELP = `
Examples:
  swupd os-install /mnt/root -u https://updates.example.org/os -C 1.root.json
  swupd check-update && swupd update
  swupd verify --fix

Global options are valid before and after COMMAND. 'swupd COMMAND --help' shows the options of one.
Exit codes: 0 done, 1 no; for the others see 'man swupd'.`;

/** The whole command line. Errors are thrown, not printed. */
export function createProgram(
  { stdout, stderr, version }: Pick<CliIo, 'stdout' | 'stderr' | 'version'>,
  run: Run,
): Command {
  const program = new Command('swupd')
    .description('Updates, verifies and repairs a Linux system from a swupd repository.')
    .usage('[options] COMMAND [options]')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: () => {},
    })
    .version(version, '--version', 'print the version of swupd')
    .addHelpText('after', HELP);
  addGlobalOptions(program, true);
  for (const register of COMMANDS) register(program, run);
  for (const command of program.commands) addGlobalOptions(command, false);
  return program;
}
