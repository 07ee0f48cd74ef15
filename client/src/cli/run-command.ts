import type { SwupdError } from '@swupd/shared';
import type { Answer } from './answer.ts';
import type { CliIo } from './cli-io.ts';
import { explainError } from './explain-error.ts';
import type { GlobalOptions } from './global-options.ts';
import { jsonReport } from './json-report.ts';
import type { Report } from './report.ts';
import { openSession, type Session } from './session.ts';
import { type StageClock, stageClock } from './stage-clock.ts';
import { textReport } from './text-report.ts';

/** What a command does once its options are known. */
export type Action = (session: Session) => Promise<Answer>;

export interface CommandRun {
  /** The command's name, as `-j` says it. */
  readonly section: string;
  readonly options: GlobalOptions;
  readonly action: Action;
}

/** Runs a command and reports what comes of it. @returns the exit code; never throws */
export async function runCommand(io: CliIo, { section, options, action }: CommandRun): Promise<number> {
  const started = io.monotonic();
  const report = options.json ? jsonReport(io, section) : textReport(io, options);
  const clock = stageClock(report.progress, io.monotonic);
  const failedHooks: SwupdError[] = [];
  const hookFailed = (failure: SwupdError): void => void failedHooks.push(failure);
  const session = openSession(io, options, { progress: clock, warn: report.warn, hookFailed });
  const ended = await answerOrError(() => action(session), { io, report, clock });
  for (const failure of failedHooks) report.error(failure);
  const exit = ended === 0 ? (failedHooks[0]?.exit ?? 0) : ended;
  if (options.time) report.times(clock.times, io.monotonic() - started);
  report.end(exit);
  return exit;
}

interface Ending {
  readonly io: CliIo;
  readonly report: Report;
  readonly clock: StageClock;
}

async function answerOrError(act: () => Promise<Answer>, { io, report, clock }: Ending): Promise<number> {
  try {
    const answer = await act();
    clock.finishAll();
    report.answer(answer);
    for (const error of answer.errors ?? []) report.error(error);
    return answer.exit;
  } catch (error) {
    clock.finishAll();
    const explained = explainError(error, io.signal);
    report.error(explained);
    return explained.exit;
  }
}
