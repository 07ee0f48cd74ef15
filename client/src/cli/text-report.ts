import { inspect } from 'node:util';
import { SILENT, type SwupdError } from '@swupd/shared';
import { barProgress, formatDuration, plainProgress, printable, printableLine } from '@swupd/shared/terminal';
import type { CliIo } from './cli-io.ts';
import type { Report } from './report.ts';

export interface TextReportOptions {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly debug: boolean;
  readonly progress: boolean;
}

/** For people and scripts: the answer on stdout, everything else on stderr. */
export function textReport({ stdout, stderr, monotonic }: CliIo, options: TextReportOptions): Report {
  const talk = (line: string): void => {
    stderr.write(`${printable(line)}\n`);
  };
  const makeProgress = stderr.isTTY ? barProgress : plainProgress;
  return {
    progress: options.quiet || !options.progress ? SILENT : makeProgress(stderr, monotonic),
    warn: (message) => {
      if (!options.quiet) talk(printableLine(`Warning: ${message}`));
    },
    error: (error) => {
      for (const line of errorLines(error, options)) talk(line);
    },
    answer: (answer) => {
      const lines = options.quiet ? answer.quiet() : answer.text();
      if (lines.length > 0) stdout.write(`${lines.map(printableLine).join('\n')}\n`);
    },
    times: (stages, total) => {
      const rows: [string, number][] = [...stages, ['total', total]];
      for (const [stage, ms] of rows) talk(`${stage.padEnd(10)} ${formatDuration(ms)}`);
    },
    end: () => {},
  };
}

function errorLines(error: SwupdError, { debug, verbose }: TextReportOptions): string[] {
  const lines = [`Error: ${error.message}`];
  if (verbose && error.cause instanceof Error) lines.push(`Cause: ${error.cause.message}`);
  if (error.hint !== undefined) lines.push(`Hint: ${error.hint}`);
  return [...lines.map(printableLine), ...(debug ? [inspect(error)] : [])];
}
