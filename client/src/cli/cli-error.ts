import { type ErrorOptions, SwupdError } from '@swupd/shared';

export const CLI_ERRORS = {
  declined: { exit: 1, retry: false, summary: 'the user was asked, and said no' },
  'repair-incomplete': {
    exit: 35,
    retry: false,
    summary: 'something that differs from the build is left after a repair',
  },
  unexpected: { exit: 27, retry: false, summary: 'a fault of the program, or a disk that fails' },
  interrupted: { exit: 130, retry: true, summary: 'stopped by SIGINT (Ctrl-C)' },
  terminated: { exit: 143, retry: true, summary: 'stopped by SIGTERM' },
} as const;

/** The reason for which the program's signal is aborted. */
export function stoppedBy(signal: 'SIGINT' | 'SIGTERM'): CliError {
  return new CliError(signal === 'SIGTERM' ? 'terminated' : 'interrupted', `stopped by ${signal}`, {
    hint: 'What has been downloaded is kept: the same command goes on from there.',
  });
}

/** What ends a command at the border to the user. */
export class CliError extends SwupdError {
  readonly area = 'cli';
  constructor(code: keyof typeof CLI_ERRORS, message: string, options?: ErrorOptions) {
    super(CLI_ERRORS, code, message, options);
  }
}
