import { plural } from '@swupd/shared/terminal';
import type { DiagnoseOptions, DiagnoseResult } from '../../commands/diagnose.ts';
import { type Answer, EXIT_NO } from '../answer.ts';
import { findingData, findingLine, findingPaths } from '../render/findings.ts';
import { noticeRows } from '../render/outcome.ts';
import { jsonPath } from '../render/paths.ts';
import { labelled } from '../render/table.ts';
import type { Session } from '../session.ts';
import { addInspectOptions, type InspectFlags, inspectOptions } from './inspect-options.ts';
import { examples, type Register } from './register.ts';

export const registerDiagnose: Register = (program, run) => {
  const command = program
    .command('diagnose')
    .summary('compare the system with the installed build')
    .description(
      'Compare the system with the installed build, and change nothing.\n' +
        'Exit code 0: all is as it should be, 1: something differs.',
    );
  addInspectOptions(command);
  command
    .addHelpText(
      'after',
      examples('swupd diagnose', 'swupd diagnose --file /usr/bin', 'swupd diagnose --picky'),
    )
    .action((flags: InspectFlags) =>
      run(command, (session) => answerDiagnose(session, inspectOptions('diagnose', flags))),
    );
};

export async function answerDiagnose(session: Session, options: DiagnoseOptions): Promise<Answer> {
  const { diagnose } = await import('../../commands/diagnose.ts');
  const result = await session.read((device) => diagnose(device, options));
  return {
    exit: result.findings.length === 0 ? 0 : EXIT_NO,
    quiet: () => findingPaths(result.findings),
    data: () => diagnosisData(result),
    text: () => [
      ...result.findings.map(findingLine),
      `Inspected ${plural(result.inspected, 'path')} of build ${result.version}.`,
      ...labelled(noticeRows(result.notices)),
      result.findings.length === 0
        ? 'All is as it should be.'
        : `${plural(result.findings.length, 'difference')} found. 'swupd repair' puts right what it finds with the same options.`,
    ],
  };
}

export function diagnosisData(result: DiagnoseResult): Record<string, unknown> {
  return {
    version: result.version,
    inspected: result.inspected,
    findings: result.findings.map(findingData),
    notices: result.notices.map(({ path, reason }) => ({ ...jsonPath(path), reason })),
  };
}
