import { displayPath } from '@swupd/shared';
import { plural } from '@swupd/shared/terminal';
import type { DiagnoseOptions } from '../../commands/diagnose.ts';
import type { RepairResult } from '../../commands/repair.ts';
import type { Device } from '../../device/device.ts';
import type { Notice } from '../../plan/plan.ts';
import type { Answer } from '../answer.ts';
import { CliError } from '../cli-error.ts';
import { findingLine, findingPaths } from '../render/findings.ts';
import { outcomeData, outcomeLines } from '../render/outcome.ts';
import { someOf } from '../render/paths.ts';
import type { Session } from '../session.ts';
import { diagnosisData } from './diagnose-command.ts';
import { addInspectOptions, type InspectFlags, inspectOptions } from './inspect-options.ts';
import { examples, type Register } from './register.ts';

interface RepairFlags extends InspectFlags {
  readonly dryRun?: boolean;
}

export const registerRepair: Register = (program, run) => {
  const command = program
    .command('repair')
    .summary('put the system back to the installed build')
    .description(
      'Put right what diagnose finds with the same options. Edited config files stay.\n' +
        'On a terminal, --picky and --extra-files-only ask before they delete.\n' +
        'Exit code 35: something is left that differs.',
    );
  addInspectOptions(command);
  command
    .option('--dry-run', 'show what would be downloaded and changed, and stop')
    .addHelpText(
      'after',
      examples('swupd repair', 'swupd repair --file /usr/bin', 'swupd repair --picky --dry-run'),
    )
    .action((flags: RepairFlags) =>
      run(command, (session) =>
        answerRepair(session, { ...inspectOptions('repair', flags), dryRun: flags.dryRun === true }),
      ),
    );
};

export interface RepairRequest extends DiagnoseOptions {
  readonly dryRun: boolean;
}

export async function answerRepair(session: Session, request: RepairRequest): Promise<Answer> {
  const result = await session.change((device) => repairAfterAsking(device, request, session));
  const elapsed = session.elapsed();
  const { verbose } = session.options;
  const left = result.outcome.notices.filter(isLeft);
  const error = left.length === 0 ? [] : [incomplete(left)];
  return {
    exit: error[0]?.exit ?? 0,
    errors: error,
    quiet: () => findingPaths(result.findings),
    data: () => ({ ...diagnosisData(result), ...outcomeData(result.outcome, elapsed) }),
    text: () => [
      ...result.findings.map(findingLine),
      titleFor(result, request.dryRun),
      ...outcomeLines(result.outcome, {
        elapsed,
        verbose,
        rows: [['inspected', plural(result.inspected, 'path')]],
      }),
    ],
  };
}

async function repairAfterAsking(
  device: Device,
  request: RepairRequest,
  session: Session,
): Promise<RepairResult> {
  const { repair } = await import('../../commands/repair.ts');
  if ((request.picky || request.extraOnly) && !request.dryRun && session.asks()) {
    const { findings } = await repair(device, { ...request, dryRun: true });
    const extra = findings.filter(({ problem }) => problem === 'extra').map(({ path }) => displayPath(path));
    const question = `This deletes ${plural(extra.length, 'path')}: ${someOf(extra, 10)}. Go on?`;
    if (extra.length > 0 && !(await session.confirm(question)))
      throw new CliError('declined', 'declined; nothing has been changed', {
        hint: "Look at the list with 'swupd diagnose --picky', and leave paths out with --picky-whitelist.",
      });
  }
  return repair(device, request);
}

/** What a diagnosis would find again. */
function isLeft({ reason }: Notice): boolean {
  return reason === 'not-removed' || reason === 'directory-not-empty';
}

function incomplete(left: readonly Notice[]): CliError {
  const paths = left.map(({ path }) => displayPath(path));
  return new CliError('repair-incomplete', `not repaired: ${someOf(paths, 10)}`, {
    details: { paths },
    hint: "Look at what is there with 'swupd diagnose', and remove by hand what is not needed.",
  });
}

function titleFor({ findings, version }: RepairResult, dryRun: boolean): string {
  if (findings.length === 0) return `All is as build ${version} should be; there is nothing to repair.`;
  return `${dryRun ? 'Would repair' : 'Repaired'} ${plural(findings.length, 'difference')} from build ${version}.`;
}
